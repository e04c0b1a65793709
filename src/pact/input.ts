import { Problem } from '../util/errors.ts';
import { toPointer } from '../util/json.ts';

export { entriesOf, fieldsOf, type Fields } from '../util/json.ts';

/** Makes the Problem for a place of one contract: where from here, and what was expected there. */
export interface Flaw {
  (steps: readonly string[], expected: string): Problem;
  at(...steps: string[]): Flaw;
}

export function flawsOf(file: string, way: readonly string[] = []): Flaw {
  const flaw = (steps: readonly string[], expected: string): Problem =>
    new Problem({
      code: 'contract_invalid',
      what: 'Invalid Pact file.',
      where: file,
      facts: { at: toPointer([...way, ...steps]) || '/', expected },
      remedy: 'Write the contract anew with the tests of the consumer; do not edit it by hand.',
    });
  return Object.assign(flaw, { at: (...steps: string[]) => flawsOf(file, [...way, ...steps]) });
}
