/** Whether a value has anything at the end of a way: `['*', 'name']`, where `*` stands for any item of an array. */
export function mentions(value: unknown, way: readonly string[]): boolean {
  const [step, ...rest] = way;
  if (step === undefined) return true;
  if (Array.isArray(value)) return step === '*' && value.some((item) => mentions(item, rest));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
  const fields: Partial<Record<string, unknown>> = { ...value };
  return mentions(fields[step], rest);
}
