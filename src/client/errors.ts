/** What a program can decide by; docs/errors.md says for each code what to do. */
export type ArzamedErrorCode = ArzamedFailure['code'];

/** Every error that the client throws, told apart by `code`: a `switch` over it is exhaustive and narrows to the class. */
export type ArzamedFailure =
  | InvalidOptionError
  | TokenRefusedError
  | UnauthorizedError
  | ForbiddenError
  | UnavailableError
  | TimeoutError
  | ConnectionError
  | UnexpectedResponseError;

/** What an error knows besides its message, each only where it applies. */
export interface ErrorDetails {
  operation?: string | undefined;
  status?: number | undefined;
  requestId?: string | undefined;
  cause?: unknown;
  option?: string;
  error?: string | undefined;
  errorDescription?: string | undefined;
  errorUri?: string | undefined;
  retryAfter?: number | undefined;
  excerpt?: string | undefined;
}

// In the registry of all realms and all copies of this module, unlike the class itself.
const brand: unique symbol = Symbol.for('arzamed.error');

/** Base of every error that the client throws, apart from the reason of a caller's own abort. None holds a secret or token. */
export abstract class ArzamedError extends Error {
  abstract readonly code: string;
  /** Operation id, as in the specification, or `token request`; undefined before any request. */
  declare readonly operation: string | undefined;
  /** HTTP status of the answer; undefined where none came. */
  declare readonly status: number | undefined;
  /** The service's own id of the request, from the headers of its answer, for its support. */
  declare readonly requestId: string | undefined;

  constructor(message: string, { cause, ...details }: ErrorDetails) {
    const { operation, status } = details;
    super(`${operation ? `${operation}: ` : ''}${message}${status ? ` (HTTP ${status})` : ''}`, cause ? { cause } : {});
    Object.assign(this, details);
  }

  get [brand](): true {
    return true;
  }
}

/** Tells errors of this client from all others, also those of another realm or of another copy of this package. */
export function isArzamedError(error: unknown): error is ArzamedFailure {
  return typeof error === 'object' && error !== null && brand in error;
}

/** The client was made with a missing or unusable option. Correct the program or its environment. */
export class InvalidOptionError extends ArzamedError {
  override readonly name = 'InvalidOptionError';
  readonly code = 'invalid_option';
  /** Name of the option, or of the environment variable. */
  declare readonly option: string;
}

/**
 * The token endpoint refused the client. Check the credentials with the clinic's administrator; asking again does not
 * help. Of its answer only the fields of RFC 6749 section 5.2 are kept.
 */
export class TokenRefusedError extends ArzamedError {
  override readonly name = 'TokenRefusedError';
  readonly code = 'token_refused';
  /** Such as `invalid_client`; undefined where the answer has none, as the two below. */
  declare readonly error: string | undefined;
  /** `error_description`: for developers, not for users. */
  declare readonly errorDescription: string | undefined;
  /** `error_uri`: a page about the error. */
  declare readonly errorUri: string | undefined;
}

/** HTTP 401, also with a new token. */
export class UnauthorizedError extends ArzamedError {
  override readonly name = 'UnauthorizedError';
  readonly code = 'unauthorized';
}

/** HTTP 403: the API key was revoked, has expired or is not registered. A new token does not help; a new key does. */
export class ForbiddenError extends ArzamedError {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';
}

/** HTTP 429 or 5xx, from an operation or the token endpoint, after the last attempt. Try again later. */
export class UnavailableError extends ArzamedError {
  override readonly name = 'UnavailableError';
  readonly code = 'unavailable';
  /** Milliseconds that the service asks to wait, by `Retry-After`; undefined where it does not say. */
  declare readonly retryAfter: number | undefined;
}

/** No complete answer came in time. Whether the request had its effect is not known. */
export class TimeoutError extends ArzamedError {
  override readonly name = 'TimeoutError';
  readonly code = 'timeout';
}

/** No whole answer came: the name did not resolve, the connection was refused or broke. `cause` says which. */
export class ConnectionError extends ArzamedError {
  override readonly name = 'ConnectionError';
  readonly code = 'connection_failed';
}

/** An answer that the specification does not describe: another status, or a body of another shape. */
export class UnexpectedResponseError extends ArzamedError {
  override readonly name = 'UnexpectedResponseError';
  readonly code = 'unexpected_response';
  /** The beginning of the body, at most 200 characters, without credentials. Undefined for the token endpoint. */
  declare readonly excerpt: string | undefined;
}

/** @throws InvalidOptionError that says what is wrong with an option, or with what else a caller gave by name. */
export function refuse(option: string, what: string, kind = 'option'): never {
  throw new InvalidOptionError(`The ${kind} ${option} ${what}.`, { option });
}
