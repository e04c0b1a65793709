export {
  ControlRefusedError,
  ControlUnreachableError,
  createControlClient,
  type ControlClient,
  type ControlClientOptions,
  type ControlOperationId,
} from './client.ts';
