export { createClient, type Client } from './client.ts';
export type { Called, CallPromise } from './types.ts';
export { createClientFromEnv, type Environment } from './from-environment.ts';
export {
  ArzamedError,
  ConnectionError,
  ForbiddenError,
  InvalidOptionError,
  isArzamedError,
  TimeoutError,
  TokenRefusedError,
  UnauthorizedError,
  UnavailableError,
  UnexpectedResponseError,
  type ArzamedErrorCode,
  type ArzamedFailure,
} from './errors.ts';
export type { ClientEvent, OnEvent, WarningCode } from './events.ts';
export type { Call, Input, OperationId, Result } from './types.ts';
export type { ClientOptions, Fetch } from './options.ts';
export type { StoredToken, TokenStore } from './token-store.ts';
