import { Problem } from '../util/errors.ts';
import { toPointer } from '../util/json.ts';

/** What came from outside and is an object; nothing is known of its values. */
export type Fields = Partial<Record<string, unknown>>;

/** The value as an object with names, or undefined where it is none. */
export function fieldsOf(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

/** The names and values of an object; none of what is no object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(fieldsOf(value) ?? {});
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes the Problem for a place of one contract: where from here, and what was expected there. */
export interface Flaw {
  (steps: readonly string[], expected: string): Problem;
  /** The same for a place further down. */
  at(...steps: string[]): Flaw;
}

/** @param file as the user named it. */
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
