import { noSuch } from '../../util/did-you-mean.ts';

/** Why the mock does not do what it is told. */
export type ControlErrorCode = 'bad_request' | 'not_found' | 'conflict' | 'invalid' | 'too_many';

/** The mock was told to do what it cannot: there is no such key, the id is taken, the answer violates the schema. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: ControlErrorCode;

  constructor(code: ControlErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The HTTP status of each code. */
export const statusOfCode: Record<ControlErrorCode, number> = {
  bad_request: 400,
  not_found: 404,
  conflict: 409,
  invalid: 422,
  too_many: 429,
};

/** The error of a request that names what does not exist; says what there is. See `noSuch` for the parameters. */
export function notFound(kind: string, name: string, known: readonly string[]): ControlError {
  return new ControlError('not_found', noSuch(kind, name, known));
}
