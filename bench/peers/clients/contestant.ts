/** Where a client finds its API, and who it is. */
export interface Access {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  baseUrl: string;
}

/** Makes a function that asks for the doctors with a token that it keeps, and gives the parsed answer. */
export type MakeClient = (access: Access) => Promise<() => Promise<unknown>>;
