export { createClient, type Client } from './client.ts';
export { createClientFromEnv, type Environment } from './create-from-env.ts';
export {
  ArzamedError,
  ConnectionError,
  ForbiddenError,
  InvalidOptionError,
  TokenRefusedError,
  UnauthorizedError,
  UnavailableError,
  UnexpectedResponseError,
  type ArzamedErrorCode,
} from './errors.ts';
export type { Call, Input, OperationId, Result } from './operations.ts';
export type { ClientOptions, Fetch } from './options.ts';
