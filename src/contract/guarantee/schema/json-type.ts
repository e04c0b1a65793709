export const jsonTypes = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;

/** `number` are the numbers that are no integers. */
export type JsonType = (typeof jsonTypes)[number];

/** The type of a value that came from JSON. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'object';
}

/** The type within a sentence. */
export function wordOf(type: JsonType): string {
  return {
    null: 'null',
    boolean: 'a boolean',
    integer: 'an integer',
    number: 'a number',
    string: 'a string',
    array: 'an array',
    object: 'an object',
  }[type];
}

/** Types within a sentence, in an order that does not change. */
export function wordsOf(types: Iterable<JsonType>): string {
  const found = new Set(types);
  // An integer is a number.
  if (found.has('number')) found.delete('integer');
  return jsonTypes
    .filter((type) => found.has(type))
    .map(wordOf)
    .join(' or ');
}
