import type { calls } from '../generated/operations.ts';

/** What happened; each class says what to do. */
export type ApiErrorCode = ApiFailure['code'];

/** Every error of the client. A `switch` over `code` is exhaustive and narrows to the class. */
export type ApiFailure = Failure<(typeof calls)[keyof typeof calls]>;

/** Refusals only where the specification documents them. */
type Failure<Row> = [Extract<Row, { refusals: unknown }>] extends [never]
  ? AnyFailure
  : AnyFailure | RequestRefusedError;

type AnyFailure =
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
  upstreamStatus?: number | undefined;
  requestId?: string | undefined;
  /** The end of the message: method, and URL without query. */
  endpoint?: string | undefined;
  cause?: unknown;
  option?: string;
  error?: string | undefined;
  errorDescription?: string | undefined;
  errorUri?: string | undefined;
  retryAfter?: number | undefined;
  excerpt?: string | undefined;
}

// Shared by all realms and copies of this module, unlike the class.
const brand: unique symbol = Symbol.for('api.error');

/** Base of every error of the client, except the reason of a caller's abort. Contains no secret or token. */
export abstract class ApiError extends Error {
  abstract readonly code: string;
  /** Operation id, or `token request`; undefined before any request. */
  declare readonly operation: string | undefined;
  /** HTTP status of the service, if there was an answer. Not `status`, which web frameworks answer their own visitors with. */
  declare readonly upstreamStatus: number | undefined;
  /** Request id from the response headers, for the service's support. */
  declare readonly requestId: string | undefined;

  constructor(message: string, { cause, endpoint = '', ...details }: ErrorDetails) {
    const { operation, upstreamStatus: status } = details;
    const subject = operation ? `${operation}: ` : '';
    super(subject + message + (status ? ` (HTTP ${status}${endpoint})` : ''), cause ? { cause } : {});
    Object.assign(this, details);
  }

  get [brand](): true {
    return true;
  }
}

/** Whether this is an error of the client, also from another realm or copy of this package. */
export function isApiError(error: unknown): error is ApiFailure {
  return typeof error === 'object' && error !== null && brand in error;
}

/** A missing or invalid option. Correct the program or its environment. */
export class InvalidOptionError extends ApiError {
  override readonly name = 'InvalidOptionError';
  readonly code = 'invalid_option';
  /** Name of the option, or of the environment variable. */
  declare readonly option: string;
}

/**
 * The token endpoint refused the client. Check the credentials with the administrator; retrying does not help.
 * Contains only the fields of RFC 6749 section 5.2.
 */
export class TokenRefusedError extends ApiError {
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
export class UnauthorizedError extends ApiError {
  override readonly name = 'UnauthorizedError';
  readonly code = 'unauthorized';
}

/** HTTP 403: these credentials may not do this, revoked or not registered. A new token does not help; other credentials do. */
export class ForbiddenError extends ApiError {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';
}

/** HTTP 4xx that the specification documents, such as 404 or 422. Correct the request; retrying does not help. */
export class RequestRefusedError extends ApiError {
  override readonly name = 'RequestRefusedError';
  readonly code = 'request_refused';
  /** The body, parsed where it is JSON. It is not shown with the error, since it may hold personal data. */
  declare readonly body: unknown;
}

/** HTTP 429 or 5xx, after the last attempt. Try again later. */
export class UnavailableError extends ApiError {
  override readonly name = 'UnavailableError';
  readonly code = 'unavailable';
  /** Milliseconds to wait, from `Retry-After`. */
  declare readonly retryAfter: number | undefined;
}

/** No complete answer in time. The request may have taken effect. */
export class TimeoutError extends ApiError {
  override readonly name = 'TimeoutError';
  readonly code = 'timeout';
}

/** No complete answer: the name did not resolve, or the connection was refused or broke, see `cause`. */
export class ConnectionError extends ApiError {
  override readonly name = 'ConnectionError';
  readonly code = 'connection_failed';
}

/** An answer with a status or body that is not in the specification. */
export class UnexpectedResponseError extends ApiError {
  override readonly name = 'UnexpectedResponseError';
  readonly code = 'unexpected_response';
  /** The first 200 characters of the body, without credentials; undefined for the token endpoint. */
  declare readonly excerpt: string | undefined;
}

/** @throws InvalidOptionError always. */
export function refuse(option: string, what: string, kind = 'option'): never {
  throw new InvalidOptionError(`The ${kind} ${option} ${what}.`, { option });
}
