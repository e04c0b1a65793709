import type { OpenApiDocument } from '../../openapi/document.ts';
import { toPointer, valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import type { AnswerPlace } from './answer-place.ts';
import { everyItem, isObject, type JsonObject } from '../../verify/mutation/json.ts';

/** A place in the body of an answer: the whole, a property of an object, or the items of an array. */
export interface FieldPlace {
  readonly answer: AnswerPlace;
  /** The way through the body: `['*', 'name']`. */
  readonly data: readonly string[];
  /** The keys that lead to its schema, references on the way included. */
  readonly steps: readonly string[];
  /** The schema itself. */
  readonly schema: JsonObject;
  /** Of a property: its name, the keys that lead to the schema that has it, and whether it must be there. */
  readonly property:
    { readonly name: string; readonly holder: readonly string[]; readonly required: boolean } | undefined;
}

/** The places of the body of an answer. A schema within itself is passed through once. */
export function fieldsOf(document: OpenApiDocument, answer: AnswerPlace): FieldPlace[] {
  const fields: FieldPlace[] = [];
  if (answer.schema) walk(answer.schema, [], undefined, []);
  return fields;

  function walk(
    steps: readonly string[],
    data: readonly string[],
    property: FieldPlace['property'],
    above: readonly string[],
  ): void {
    const real = follow(document, steps);
    const pointer = toPointer(real);
    const schema = valueAt(document, real);
    if (!isObject(schema) || above.includes(pointer)) return;
    const way = [...above, pointer];
    const known = fields.some((field) => field.data.join('\n') === data.join('\n'));
    if (!known) fields.push({ answer, data, steps, schema, property });
    for (const [name] of Object.entries(Object(schema['properties']))) {
      const required = Array.isArray(schema['required']) && schema['required'].includes(name);
      walk([...steps, 'properties', name], [...data, name], { name, holder: steps, required }, way);
    }
    if (isObject(schema['items'])) walk([...steps, 'items'], [...data, everyItem], undefined, way);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      const branches = schema[keyword];
      if (!Array.isArray(branches)) continue;
      for (const index of branches.keys()) walk([...steps, keyword, String(index)], data, property, way);
    }
  }
}
