/**
 * A schema of OpenAPI 3.0 in the keywords of JSON Schema 2020-12. What stands beside a `$ref` means nothing there, nor does
 * `nullable` without a type (OpenAPI 3.0.3, sections 4.7.23 and 4.7.24.1); Ajv knows it beside one.
 */
export function toKeywords2020(schema: object): Readonly<Record<string, unknown>> {
  const keywords = new Map<string, unknown>(Object.entries(schema));
  const reference = keywords.get('$ref');
  if (typeof reference === 'string') return { $ref: reference };
  if (typeof keywords.get('nullable') === 'boolean' && !keywords.has('type')) keywords.delete('nullable');
  // Draft 4 says by a boolean that the bound itself is excluded; 2020-12 gives the excluded bound.
  for (const [exclusive, inclusive] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const excluded = keywords.get(exclusive);
    if (typeof excluded !== 'boolean') continue;
    keywords.delete(exclusive);
    if (!excluded) continue;
    keywords.set(exclusive, keywords.get(inclusive));
    keywords.delete(inclusive);
  }
  return Object.fromEntries(keywords);
}
