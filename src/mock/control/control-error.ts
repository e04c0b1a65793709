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
