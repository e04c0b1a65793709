import { isFields, memberStep, type Fields } from '../../util/json.ts';

export function itemsIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The step that stands for each item of an array. */
export const everyItem = '*';

export type Reach = 'all' | 'last';

/** A copy of a JSON value with one place changed; an unchanged copy where the place does not exist. */
export function changeAt(
  value: unknown,
  place: readonly string[],
  change: (value: unknown) => unknown,
  reach: Reach = 'all',
): unknown {
  const [step, ...rest] = place;
  if (step === undefined) return change(value);
  if (step === everyItem) {
    if (!Array.isArray(value)) return value;
    const only = reach === 'last' && !rest.includes(everyItem);
    return value.map((item: unknown, index) =>
      only && index < value.length - 1 ? item : changeAt(item, rest, change, reach),
    );
  }
  if (!isFields(value) || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: changeAt(value[step], rest, change, reach) };
}

export function without(object: Fields, ...keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !keys.includes(name)));
}

/** A copy of an object with a key under another name, at the same position. */
export function renamed(object: Fields, key: string, name: string): Fields {
  return Object.fromEntries(Object.entries(object).map(([each, value]) => [each === key ? name : each, value]));
}

/** A place in JSON as people write it: `['*', 'name']` becomes `$[*].name`. */
export function showPlace(place: readonly string[]): string {
  return `$${place.map((step) => (step === everyItem ? '[*]' : memberStep(step))).join('')}`;
}
