export {
  createControlClient,
  type ControlClient,
  type ControlClientOptions,
  type ControlOperationId,
} from './client.ts';
export { ControlRefusedError } from './refused.ts';
export { ControlUnreachableError } from './unreachable.ts';
