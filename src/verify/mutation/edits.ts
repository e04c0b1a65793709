import type { OpenApiDocument } from '../../openapi/document.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { valuesOf as namedValues } from '../../openapi/schema.ts';
import { parseJson, valueAt } from '../../util/json.ts';
import { changeAt, isObject, type JsonObject, type Reach } from './json.ts';
import type { RecordedResponse, ResponseChange } from './mutant.ts';
import { dereference, type AnswerPlace, type FieldPlace } from './targets.ts';

/** Changes the answers of one operation that fall under one documented status. */
export function answering(
  { operation, status }: AnswerPlace,
  change: (answer: RecordedResponse) => RecordedResponse,
): ResponseChange {
  return (exchange) => {
    const { answer } = exchange;
    const concerned =
      exchange.operation === operation.id && documentedStatus(operation.statuses, answer.status) === status;
    return concerned ? change(answer) : answer;
  };
}

/** Changes the JSON of such answers. */
export function answeringJson(place: AnswerPlace, change: (body: unknown) => unknown): ResponseChange {
  return answering(place, (answer) => {
    const body = parseJson(answer.body);
    if (body === undefined) return answer;
    const changed = JSON.stringify(change(body));
    return changed === JSON.stringify(body) ? answer : { ...answer, body: changed };
  });
}

/** Changes what stands at one place of the JSON of such answers. */
export function answeringAt(
  { answer, data }: FieldPlace,
  change: (value: unknown) => unknown,
  reach: Reach = 'all',
): ResponseChange {
  return answeringJson(answer, (body) => changeAt(body, data, change, reach));
}

/** Another answer to every request for an operation, or only to those that succeeded. */
export function answeringInstead(
  operation: string,
  which: 'all' | 'successful',
  other: RecordedResponse,
): ResponseChange {
  return ({ operation: own, answer }) =>
    own === operation && (which === 'all' || isSuccessful(answer)) ? other : answer;
}

/** A refusal that says no more than it must. */
export function refusal(status: number, body: object = {}): RecordedResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function isSuccessful({ status }: RecordedResponse): boolean {
  return status >= 200 && status < 300;
}

/** Makes what stands at a place into something else; undefined takes it away. */
type Edit = (value: unknown) => unknown;

/**
 * A copy of a document with one place changed. References on the way are replaced by what they lead to, so that nothing
 * changes for anybody else who refers to the same thing.
 */
export function rewrite(document: OpenApiDocument, steps: readonly string[], edit: Edit): OpenApiDocument {
  const copy = { ...document };
  const [first, ...rest] = steps;
  if (first !== undefined) Reflect.set(copy, first, rewriteWithin(document, valueAt(document, [first]), rest, edit));
  return copy;
}

/** The same for what must be an object. */
export function rewriteObject(
  document: OpenApiDocument,
  steps: readonly string[],
  edit: (value: JsonObject) => JsonObject,
): OpenApiDocument {
  return rewrite(document, steps, (value) => edit(isObject(value) ? value : {}));
}

function rewriteWithin(document: OpenApiDocument, value: unknown, steps: readonly string[], edit: Edit): unknown {
  const real = dereference(document, value);
  const [first, ...rest] = steps;
  if (first === undefined) return edit(real);
  if (Array.isArray(real)) {
    return real.map((item: unknown, index) =>
      String(index) === first ? rewriteWithin(document, item, rest, edit) : item,
    );
  }
  const holder = isObject(real) ? real : {};
  const inside = rewriteWithin(document, holder[first], rest, edit);
  const others = Object.entries({ ...holder, [first]: inside });
  return Object.fromEntries(others.filter(([, each]) => each !== undefined));
}

const names = ['string', 'number', 'integer', 'boolean', 'object', 'array'] as const;
type TypeName = (typeof names)[number];

/** The one type of a schema, null aside; undefined where it has none or several. */
export function typeOf(schema: JsonObject): TypeName | undefined {
  const types = [schema['type']].flat().filter((type) => type !== 'null');
  return types.length === 1 ? names.find((name) => name === types[0]) : undefined;
}

export function isNullable(schema: JsonObject): boolean {
  return schema['nullable'] === true || [schema['type']].flat().includes('null');
}

/** A schema that allows null as well, as the document's version of OpenAPI says it. */
export function orNull({ openapi }: OpenApiDocument, schema: JsonObject): JsonObject {
  if (openapi.startsWith('3.0')) return { ...schema, nullable: true };
  if (Array.isArray(schema['enum']) || 'const' in schema || schema['type'] === undefined) {
    return { anyOf: [schema, { type: 'null' }] };
  }
  return { ...schema, type: [...[schema['type']].flat(), 'null'] };
}

/** A schema of another type, null allowed as it was. */
export function ofType(document: OpenApiDocument, schema: JsonObject, type: TypeName): JsonObject {
  const plain = type === 'array' ? { type, items: {} } : { type };
  return isNullable(schema) ? orNull(document, plain) : plain;
}

/** The fixed values of a schema, null aside. */
export function valuesOf(schema: JsonObject): unknown[] {
  return (namedValues({ parts: [{ steps: [], within: [], schema }] }) ?? []).filter((value) => value !== null);
}

/** A schema with other fixed values. */
export function withValues(schema: JsonObject, values: readonly unknown[]): JsonObject {
  const { const: _, ...rest } = schema;
  return { ...rest, enum: isNullable(schema) ? [...values, null] : [...values] };
}
