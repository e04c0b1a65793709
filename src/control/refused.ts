/**
 * The mock refuses what it is told: there is no such key, the id is taken, the control token is missing. Or what answers is
 * no mock.
 */
export class ControlRefusedError extends Error {
  override readonly name = 'ControlRefusedError';
  /** The operation of the control API. */
  readonly operation: string;
  readonly status: number;

  /** @param answer the body of the mock's answer, `{ "message" }`. */
  constructor(operation: string, status: number, answer: string) {
    super(`${operation}: ${messageOf(answer)} (HTTP ${status})`);
    this.operation = operation;
    this.status = status;
  }
}

function messageOf(answer: string): string {
  try {
    const body: unknown = JSON.parse(answer);
    const message: unknown = Reflect.get(Object(body), 'message');
    return typeof message === 'string' ? message : 'the mock refuses it';
  } catch {
    return 'the answer is not that of a mock';
  }
}
