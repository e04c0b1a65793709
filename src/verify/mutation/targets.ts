import type { Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import { toPointer, valueAt } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import { everyItem, isObject, type JsonObject } from './json.ts';

/** The specification that is mutated, and what there is to mutate. */
export interface Subject {
  readonly api: Api;
  readonly answers: readonly AnswerPlace[];
  /** Every place of the body of every answer, from the outside in. */
  readonly fields: readonly FieldPlace[];
}

export function subjectOf(api: Api): Subject {
  const answers = api.operations.flatMap((operation) =>
    operation.statuses.map((status) => readAnswer(api, operation, status)),
  );
  return { api, answers, fields: answers.flatMap((answer) => fieldsOf(api.document, answer)) };
}

function readAnswer({ document }: Api, operation: Operation, status: string): AnswerPlace {
  const steps = ['paths', operation.path, operation.method, 'responses', status];
  const read = (key: string): string[] => {
    const found = valueAt(document, follow(document, [...steps, key]));
    return isObject(found) ? Object.keys(found) : [];
  };
  const types = read('content');
  const json = types.find(isJson);
  const schema = json === undefined ? undefined : [...steps, 'content', json, 'schema'];
  return {
    operation,
    status,
    steps,
    mediaType: json ?? types[0],
    schema: schema && valueAt(document, follow(document, schema)) !== undefined ? schema : undefined,
    headers: read('headers'),
  };
}

/** An answer that the specification documents. */
export interface AnswerPlace {
  readonly operation: Operation;
  /** `200`, `4XX` or `default`. */
  readonly status: string;
  /** The keys that lead to it in the specification. */
  readonly steps: readonly string[];
  /** The first JSON media type, else the first of all; undefined where it has no body. */
  readonly mediaType: string | undefined;
  /** The keys that lead to the schema of a JSON body. */
  readonly schema: readonly string[] | undefined;
  /** The headers that it documents. */
  readonly headers: readonly string[];
}

export function isSuccess({ status }: Pick<AnswerPlace, 'status'>): boolean {
  return status.startsWith('2');
}

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
function fieldsOf(document: OpenApiDocument, answer: AnswerPlace): FieldPlace[] {
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

/** Whether the specification promises a header of an answer. */
export function isRequiredHeader(document: OpenApiDocument, { steps }: AnswerPlace, name: string): boolean {
  return valueAt(document, follow(document, [...steps, 'headers', name, 'required'])) === true;
}
