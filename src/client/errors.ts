/** See docs/errors.md for what to do. */
export type ArzamedErrorCode = ArzamedFailure['code'];

/** Every error of the client. A `switch` over `code` is exhaustive and narrows to the class. */
export type ArzamedFailure =
  | InvalidOptionError
  | TokenRefusedError
  | UnauthorizedError
  | ForbiddenError
  | UnavailableError
  | TimeoutError
  | ConnectionError
  | UnexpectedResponseError;

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

// Shared by all realms and copies of this module, unlike the class.
const brand: unique symbol = Symbol.for('arzamed.error');

/** Base of every error of the client, except the reason of a caller's abort. Contains no secret or token. */
export abstract class ArzamedError extends Error {
  abstract readonly code: string;
  /** Operation id, or `token request`; undefined before any request. */
  declare readonly operation: string | undefined;
  /** HTTP status, if there was an answer. */
  declare readonly status: number | undefined;
  /** Request id from the response headers, for the service's support. */
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

/** Whether this is an error of the client, also from another realm or copy of this package. */
export function isArzamedError(error: unknown): error is ArzamedFailure {
  return typeof error === 'object' && error !== null && brand in error;
}

/** A missing or invalid option. Correct the program or its environment. */
export class InvalidOptionError extends ArzamedError {
  override readonly name = 'InvalidOptionError';
  readonly code = 'invalid_option';
  /** Name of the option, or of the environment variable. */
  declare readonly option: string;
}

/**
 * The token endpoint refused the client. Check the credentials with the clinic's administrator; retrying does not help.
 * Contains only the fields of RFC 6749 section 5.2.
 */
export class TokenRefusedError extends ArzamedError {
  override readonly name = 'TokenRefusedError';
  readonly code = 'token_refused';
  /** Such as `invalid_client`. */
  declare readonly error: string | undefined;
  /** `error_description`: for developers, not for users. */
  declare readonly errorDescription: string | undefined;
  /** `error_uri`: a page about the error. */
  declare readonly errorUri: string | undefined;
}

/** HTTP 401, even with a new token. */
export class UnauthorizedError extends ArzamedError {
  override readonly name = 'UnauthorizedError';
  readonly code = 'unauthorized';
}

/** HTTP 403: the API key was revoked, has expired or is not registered. A new token does not help; a new key does. */
export class ForbiddenError extends ArzamedError {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';
}

/** HTTP 429 or 5xx, after the last attempt. Try again later. */
export class UnavailableError extends ArzamedError {
  override readonly name = 'UnavailableError';
  readonly code = 'unavailable';
  /** Milliseconds to wait, from `Retry-After`. */
  declare readonly retryAfter: number | undefined;
}

/** No complete answer in time. The request may have taken effect. */
export class TimeoutError extends ArzamedError {
  override readonly name = 'TimeoutError';
  readonly code = 'timeout';
}

/** No complete answer: the name did not resolve, or the connection was refused or broke, see `cause`. */
export class ConnectionError extends ArzamedError {
  override readonly name = 'ConnectionError';
  readonly code = 'connection_failed';
}

/** An answer with a status or body that is not in the specification. */
export class UnexpectedResponseError extends ArzamedError {
  override readonly name = 'UnexpectedResponseError';
  readonly code = 'unexpected_response';
  /** The first 200 characters of the body, without credentials; undefined for the token endpoint. */
  declare readonly excerpt: string | undefined;
}

/** @throws InvalidOptionError always. */
export function refuse(option: string, what: string, kind = 'option'): never {
  throw new InvalidOptionError(`The ${kind} ${option} ${what}.`, { option });
}
