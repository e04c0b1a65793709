export { createClient, createClientFromEnv, type Client } from './client.ts';
export type { Call, Called, CallPromise, Environment, Input, OperationId, Result } from './types.ts';
export {
  ApiError as ArzamedError,
  ConnectionError,
  ForbiddenError,
  InvalidOptionError,
  isApiError as isArzamedError,
  TimeoutError,
  TokenRefusedError,
  UnauthorizedError,
  UnavailableError,
  UnexpectedResponseError,
  type ApiErrorCode as ArzamedErrorCode,
  type ApiFailure as ArzamedFailure,
} from './errors.ts';
export type { ClientEvent, OnEvent, WarningCode } from './events.ts';
export type { ClientOptions, Fetch } from './options.ts';
export type { StoredToken, TokenStore } from './auth/token-store.ts';
