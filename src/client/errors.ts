/** What a program can decide by. */
export type ArzamedErrorCode =
  | 'invalid_option'
  | 'token_refused'
  | 'unauthorized'
  | 'forbidden'
  | 'unavailable'
  | 'unexpected_response'
  | 'connection_failed';

/** Base of every error that the client throws, apart from the reason of a caller's own abort. */
export abstract class ArzamedError extends Error {
  abstract readonly code: ArzamedErrorCode;
}

/** The client was made with a missing or unusable option. Correct the program or its environment. */
export class InvalidOptionError extends ArzamedError {
  override readonly name = 'InvalidOptionError';
  readonly code = 'invalid_option';
  /** Name of the option, or of the environment variable. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/** The token endpoint refused the client. Check the credentials with the clinic's administrator; asking again does not help. */
export class TokenRefusedError extends ArzamedError {
  override readonly name = 'TokenRefusedError';
  readonly code = 'token_refused';
  readonly status: number;
  /** The error code of RFC 6749 section 5.2, such as `invalid_client`; undefined where the answer has none. */
  readonly error: string | undefined;

  constructor(status: number, error: string | undefined) {
    super(`The token endpoint refused the client: ${error ?? 'no reason given'} (HTTP ${status}).`);
    this.status = status;
    this.error = error;
  }
}

/** What the errors of an operation have in common. */
interface OperationFailure {
  /** Operation id, as in the specification. */
  operation: string;
  /** HTTP status of the answer. */
  status: number;
}

/** HTTP 401: the token is missing, invalid or expired. */
export class UnauthorizedError extends ArzamedError {
  override readonly name = 'UnauthorizedError';
  readonly code = 'unauthorized';
  readonly operation: string;
  readonly status: number;

  constructor({ operation, status }: OperationFailure) {
    super(`${operation}: the bearer token was not accepted (HTTP ${status}).`);
    this.operation = operation;
    this.status = status;
  }
}

/** HTTP 403: the API key was revoked, has expired or is not registered. A new token does not help; a new key does. */
export class ForbiddenError extends ArzamedError {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';
  readonly operation: string;
  readonly status: number;

  constructor({ operation, status }: OperationFailure) {
    super(`${operation}: the API key is not allowed to do this (HTTP ${status}). Ask the administrator for a new key.`);
    this.operation = operation;
    this.status = status;
  }
}

/** HTTP 429 or 5xx, from an operation or the token endpoint. Retry with exponential back-off. */
export class UnavailableError extends ArzamedError {
  override readonly name = 'UnavailableError';
  readonly code = 'unavailable';
  readonly operation: string;
  readonly status: number;

  constructor({ operation, status }: OperationFailure) {
    super(`${operation}: the service is temporarily unavailable (HTTP ${status}). Try again later.`);
    this.operation = operation;
    this.status = status;
  }
}

/** An answer that the specification does not describe: another status, or a body that cannot be read. */
export class UnexpectedResponseError extends ArzamedError {
  override readonly name = 'UnexpectedResponseError';
  readonly code = 'unexpected_response';
  readonly operation: string;
  readonly status: number;

  constructor({ operation, status }: OperationFailure, what: string, options?: ErrorOptions) {
    super(`${operation}: ${what} (HTTP ${status}).`, options);
    this.operation = operation;
    this.status = status;
  }
}

/** No answer came: the name did not resolve, the connection was refused or broke. Retry with exponential back-off. */
export class ConnectionError extends ArzamedError {
  override readonly name = 'ConnectionError';
  readonly code = 'connection_failed';
  readonly operation: string;

  constructor(operation: string, options: ErrorOptions) {
    super(`${operation}: no answer came from the service.`, options);
    this.operation = operation;
  }
}
