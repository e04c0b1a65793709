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

/** Which operation was answered, and how. */
export interface Answered {
  /** Operation id, as in the specification, or `token request`. */
  operation: string;
  /** HTTP status of the answer. */
  status: number;
}

/** An answer that is no success. */
abstract class AnswerError extends ArzamedError implements Answered {
  readonly operation: string;
  readonly status: number;

  constructor({ operation, status }: Answered, what: string) {
    super(`${operation}: ${what} (HTTP ${status}).`);
    this.operation = operation;
    this.status = status;
  }
}

/** HTTP 401: the token is missing, invalid or expired. */
export class UnauthorizedError extends AnswerError {
  override readonly name = 'UnauthorizedError';
  readonly code = 'unauthorized';

  constructor(answered: Answered) {
    super(answered, 'the bearer token was not accepted');
  }
}

/** HTTP 403: the API key was revoked, has expired or is not registered. A new token does not help; a new key does. */
export class ForbiddenError extends AnswerError {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';

  constructor(answered: Answered) {
    super(answered, 'the API key is not allowed to do this; ask the administrator for a new one');
  }
}

/** HTTP 429 or 5xx, from an operation or the token endpoint. Retry with exponential back-off. */
export class UnavailableError extends AnswerError {
  override readonly name = 'UnavailableError';
  readonly code = 'unavailable';

  constructor(answered: Answered) {
    super(answered, 'the service is temporarily unavailable; try again later');
  }
}

/** An answer that the specification does not describe: another status, or a body that cannot be read. */
export class UnexpectedResponseError extends AnswerError {
  override readonly name = 'UnexpectedResponseError';
  readonly code = 'unexpected_response';
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
