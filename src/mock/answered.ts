/** What is told of a request that was answered: enough to see what a client does, and nothing secret. */
export interface Answered {
  method: string;
  /** Without the query, and without the path of a sandbox; what looks like a token or is a secret is left out. */
  path: string;
  /** Undefined where no operation has the path and method. */
  operationId: string | undefined;
  /** The clinic that the request was found to be for, or says that it is for where it was refused before; if any. */
  clinic: string | undefined;
  /** The key whose credentials or token the request presented, if there is such a key. */
  clientId: string | undefined;
  /** The id (`jti`) of the token that the request presented or was given. */
  tokenId: string | undefined;
  /** How the client authenticated: HTTP Basic, its secret in the form, or a bearer token. */
  authentication: 'basic' | 'form' | 'bearer' | undefined;
  /** Undefined where the connection ended before an answer began. */
  status: number | undefined;
  /** Why it was refused, such as `expired_token` or `invalid_client`. */
  reason: string | undefined;
  /** The id of the fault that struck it, or `prefer` where the request itself asked for one. */
  fault: string | undefined;
  /** True where the connection ended before the answer was whole. */
  broken: true | undefined;
  /** The seconds of the answer's `Retry-After`. */
  retryAfter: number | undefined;
  /** What in the request violates the specification, where anything does. */
  violations: string[] | undefined;
  /** The names of the query's parameters that carried a secret or a token, where any did. */
  credentialsInQuery: string[] | undefined;
  /** The `Origin` header, which browsers send. */
  origin: string | undefined;
  /** How long the answer took. */
  milliseconds: number;
}

/** The same, and where. */
export interface Told extends Answered {
  /** The id of the sandbox that answered, if it was one beside the mock's own. */
  sandbox?: string;
}
