import { valueAt } from '../../util/json.ts';
import type { Violation } from '../../spec/violation.ts';

const name = 'fieldAddedByTheMock';

/**
 * A copy of a body in which each object that may have fields unknown to the specification has one, as a later minor
 * version of the API may add them.
 * @param check says what is wrong with a body.
 */
export function addUnknownFields(body: unknown, check: (body: unknown) => Violation[]): unknown {
  const copy: unknown = structuredClone(body);
  const before = new Set(check(copy).map(({ path, expected }) => `${path} ${expected}`));
  addEverywhere(copy);
  // What is wrong only now is wrong because of the field: take it out there again.
  for (const { path, expected, steps } of check(copy)) {
    if (before.has(`${path} ${expected}`)) continue;
    const holder = steps.at(-1) === name ? valueAt(copy, steps.slice(0, -1)) : valueAt(copy, steps);
    if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, name);
  }
  return copy;
}

function addEverywhere(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const child of Object.values(value)) addEverywhere(child);
  if (!Array.isArray(value)) Reflect.set(value, name, 'A client must ignore it.');
}
