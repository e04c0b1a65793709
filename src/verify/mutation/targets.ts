import type { Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import {
  itemOf,
  namesOf,
  propertyOf,
  requiredOf,
  SchemaReader,
  type ResolvedSchema,
  type Steps,
} from '../../openapi/schema.ts';
import { entriesOf, fromPointer, isFields, valueAt, type Fields } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import { everyItem } from './json.ts';

/** The specification, and what there is to mutate in it. */
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
  const reader = new SchemaReader(api.document);
  return { api, answers, fields: answers.flatMap((answer) => placesOf(reader, answer)) };
}

function readAnswer({ document }: Api, operation: Operation, status: string): AnswerPlace {
  const steps = ['paths', operation.path, operation.method, 'responses', status];
  const read = (key: string): string[] =>
    entriesOf(valueAt(document, follow(document, [...steps, key]))).map(([name]) => name);
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
  readonly steps: Steps;
  /** The first JSON media type, else the first of all. */
  readonly mediaType: string | undefined;
  /** The keys that lead to the schema of a JSON body. */
  readonly schema: Steps | undefined;
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
  readonly steps: Steps;
  readonly schema: Fields;
  /** Of a property: its name, the keys that lead to the schema that has it, and whether it must be there. */
  readonly property: { readonly name: string; readonly holder: Steps; readonly required: boolean } | undefined;
}

/** More places than this of one answer are not looked at. */
const mostPlaces = 2000;

/** A place with the keys to its schema, references followed, and those below it in the order of the specification. */
interface Node {
  field: FieldPlace;
  at: Steps;
  below: Node[];
}

/** The places of the body of an answer. A schema that contains itself is entered once, where it is nearest. */
function placesOf(reader: SchemaReader, answer: AnswerPlace): FieldPlace[] {
  if (!answer.schema) return [];
  const known = new Map<string, Node>();
  const entered = new Set<string>();
  const ahead: { node: Node; at: Steps; steps: Steps }[] = [];
  const enter = (at: Steps, { steps, data, property }: Omit<FieldPlace, 'answer' | 'schema'>, above?: Node): void => {
    const name = data.join('\n');
    const schema = dereference(reader.document, valueAt(reader.document, at));
    let node = known.get(name);
    if (!isFields(schema) || (!node && known.size >= mostPlaces)) return;
    if (!node) {
      node = { field: { answer, data, steps, schema, property }, at, below: [] };
      known.set(name, node);
      above?.below.push(node);
    }
    ahead.push({ node, at, steps });
  };
  enter(reader.at(answer.schema), { steps: answer.schema, data: [], property: undefined });
  for (const { node, at, steps } of ahead) {
    const { data } = node.field;
    const resolved = reader.read([at]);
    if (entered.has(resolved.key) && containsItself(reader, resolved)) continue;
    entered.add(resolved.key);
    for (const part of resolved.parts) {
      const holder = [...steps, ...part.within];
      for (const name of namesOf({ parts: [part] })) {
        const property = { name, holder, required: requiredOf({ parts: [part] }).has(name) };
        const way = ['properties', name];
        enter([...part.steps, ...way], { steps: [...holder, ...way], data: [...data, name], property }, node);
      }
      if (!isFields(part.schema['items'])) continue;
      const items = { steps: [...holder, 'items'], data: [...data, everyItem], property: undefined };
      enter([...part.steps, 'items'], items, node);
    }
    for (const { schemas, within } of resolved.groups)
      for (const [index, alternative] of schemas.entries())
        ahead.push({ node, at: alternative, steps: [...steps, ...(within[index] ?? [])] });
  }
  const flatten = ({ field, below }: Node): FieldPlace[] => [field, ...below.flatMap(flatten)];
  return [...known.values()].slice(0, 1).flatMap(flatten);
}

function containsItself(reader: SchemaReader, schema: ResolvedSchema): boolean {
  const seen = new Set<string>();
  const ahead = [schema];
  for (const { parts, groups } of ahead) {
    const items = itemOf({ parts }, Infinity);
    const below = [...namesOf({ parts })].map((name) => propertyOf({ parts }, name));
    const inside = [...below, items, ...groups.flatMap(({ schemas }) => schemas.map((each) => [each]))];
    for (const each of inside) {
      if (each === 'nothing') continue;
      const next = reader.read(each);
      if (next.key === schema.key) return true;
      if (!seen.has(next.key)) ahead.push(next);
      seen.add(next.key);
    }
  }
  return false;
}

/** What a reference leads to. In OpenAPI 3.1 a schema may say more beside its reference. */
export function dereference(document: OpenApiDocument, value: unknown): unknown {
  if (!isFields(value) || typeof value['$ref'] !== 'string') return value;
  const target = valueAt(document, follow(document, fromPointer(value['$ref'].slice(1))));
  if (!isFields(target)) return value;
  const { $ref: _, ...beside } = value;
  return document.openapi.startsWith('3.0') ? target : { ...target, ...beside };
}

/** Whether the specification promises a header of an answer. */
export function isRequiredHeader(document: OpenApiDocument, { steps }: AnswerPlace, name: string): boolean {
  return valueAt(document, follow(document, [...steps, 'headers', name, 'required'])) === true;
}
