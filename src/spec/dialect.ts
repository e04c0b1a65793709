/**
 * A copy of an OpenAPI 3.0 document whose schemas mean the same in JSON Schema 2020-12. `nullable` stays where it stands
 * beside a type: Ajv knows it there, and elsewhere it means nothing (OpenAPI 3.0.3, section 4.7.24.1).
 */
export function toJsonSchema2020<T extends object>(document: T): T {
  const copy = structuredClone(document);
  convert(copy);
  return copy;
}

function convert(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('nullable' in value && !('type' in value) && typeof value.nullable === 'boolean') delete value.nullable;
  convertBound(value, 'exclusiveMinimum', 'minimum');
  convertBound(value, 'exclusiveMaximum', 'maximum');
  for (const child of Object.values(value)) convert(child);
}

/** Draft 4 says by a boolean that the bound itself is excluded; 2020-12 gives the excluded bound. */
function convertBound(schema: object, exclusive: string, inclusive: string): void {
  const excluded: unknown = Reflect.get(schema, exclusive);
  if (typeof excluded !== 'boolean') return;
  Reflect.deleteProperty(schema, exclusive);
  if (!excluded) return;
  Reflect.set(schema, exclusive, Reflect.get(schema, inclusive));
  Reflect.deleteProperty(schema, inclusive);
}
