export {
  createControlClient,
  type ControlClient,
  type ControlClientOptions,
  type ControlOperationId,
} from './client.ts';
export { ControlRefusedError } from './client.ts';
export { ControlUnreachableError } from './client.ts';
