import { noSuch } from '../../util/did-you-mean.ts';

/** The HTTP status of each error code. */
export const statusOfCode = { bad_request: 400, not_found: 404, conflict: 409, invalid: 422, too_many: 429 } as const;

export type ControlErrorCode = keyof typeof statusOfCode;

/** A refused control request: an unknown key, a taken id, an answer that violates the schema. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: ControlErrorCode;

  constructor(code: ControlErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The error of an unknown name; lists the known ones. */
export function notFound(kind: string, name: string, known: readonly string[]): ControlError {
  return new ControlError('not_found', noSuch(kind, name, known));
}

export function badRequest(message: string): ControlError {
  return new ControlError('bad_request', message);
}
