/** What is told of a request that was answered: enough to see what a client does, and nothing secret. */
export interface Answered {
  method: string;
  /** Without the query; what looks like a token is left out. */
  path: string;
  /** Undefined where no operation has the path and method. */
  operationId: string | undefined;
  /** The clinic that the request was found to be for, if any. */
  clinic: string | undefined;
  /** The key whose credentials or token the request presented, if there is such a key. */
  clientId: string | undefined;
  /** The id (`jti`) of the token that the request presented or was given. */
  tokenId: string | undefined;
  status: number;
  /** Why it was refused, such as `expired_token` or `invalid_client`. */
  reason: string | undefined;
  /** The id of the fault that struck it. */
  fault: string | undefined;
  /** How long the answer took. */
  milliseconds: number;
}

/** Takes out of a path what is a token, wherever somebody has put it. */
export function withoutTokens(path: string): string {
  return path.replaceAll(/eyJ[\w-]+(\.[\w-]*){0,4}/g, '[token]');
}
