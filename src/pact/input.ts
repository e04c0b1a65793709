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
