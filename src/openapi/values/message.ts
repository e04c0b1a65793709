import { entriesOf, fieldsOf, fromPointer, isList, valueAt, type Fields } from '../../util/json.ts';

/** What a value is of: requests have no `readOnly` properties, and answers no `writeOnly` ones (OpenAPI 3.0.3 section 4.7.24.1). */
export type MessageKind = 'request' | 'answer';

const marks: Readonly<Record<MessageKind, 'readOnly' | 'writeOnly'>> = { request: 'readOnly', answer: 'writeOnly' };

/** The names of a schema's properties that have no place in a message. Those of its `allOf` are its own. */
export function hiddenNames(document: Document, schema: unknown, message: MessageKind): Set<string> {
  const properties = wholeOf(document, schema).flatMap((each) => entriesOf(each['properties']));
  return new Set(properties.filter(([, each]) => isHidden(document, each, message)).map(([name]) => name));
}

/** @param property its schema. */
export function isHidden(document: Document, property: unknown, message: MessageKind): boolean {
  return wholeOf(document, property).some((schema) => schema[marks[message]] === true);
}

/** The parts of one schema. They no longer require properties that have no place in the message. */
export function partsOfMessage<P extends { schema: Fields }>(
  document: Document,
  parts: readonly P[],
  message: MessageKind | undefined,
): readonly P[] {
  if (!message) return parts;
  const requiredBy = ({ schema: { required } }: P): unknown[] => (isList(required) ? required : []);
  const hides = (name: unknown): boolean =>
    parts.some(({ schema }) => isHidden(document, valueAt(schema, ['properties', String(name)]), message));
  const hidden = new Set(parts.flatMap(requiredBy).filter(hides));
  if (hidden.size === 0) return parts;
  return parts.map((part) =>
    part.schema['required'] === undefined
      ? part
      : { ...part, schema: { ...part.schema, required: requiredBy(part).filter((name) => !hidden.has(name)) } },
  );
}

/** A schema with those that its references and its `allOf` lead to. */
function wholeOf(document: Document, schema: unknown): Fields[] {
  const whole: Fields[] = [];
  const seen = new Set<unknown>();
  const ahead = [schema];
  for (const each of ahead) {
    const fields = fieldsOf(each);
    if (!fields || seen.has(fields)) continue;
    seen.add(fields);
    const { $ref, allOf } = fields;
    if (typeof $ref === 'string') ahead.push(valueAt(document, fromPointer($ref.slice(1))));
    // In OpenAPI 3.0, nothing beside a reference counts.
    if (typeof $ref === 'string' && document.openapi.startsWith('3.0')) continue;
    whole.push(fields);
    if (isList(allOf)) ahead.push(...allOf);
  }
  return whole;
}

type Document = { readonly openapi: string };
