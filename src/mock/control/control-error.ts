import { noSuch } from '../../util/did-you-mean.ts';

/** Each reason for which the mock refuses a control request, and its HTTP status. */
export const statusOfCode = { bad_request: 400, not_found: 404, conflict: 409, invalid: 422, too_many: 429 } as const;

/** Why the mock refuses a control request. */
export type ControlErrorCode = keyof typeof statusOfCode;

/** The mock cannot do what a control request asks: there is no such key, the id is taken, the answer violates the schema. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: ControlErrorCode;

  constructor(code: ControlErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The error of a request that names what does not exist; lists what exists. See `noSuch` for the parameters. */
export function notFound(kind: string, name: string, known: readonly string[]): ControlError {
  return new ControlError('not_found', noSuch(kind, name, known));
}
