import type { OpenApiDocument } from '../../openapi/document.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { valuesOf } from '../../openapi/schema.ts';
import { isFields, parseJson, valueAt, type Fields } from '../../util/json.ts';
import type { RecordedResponse, ResponseChange } from './mutant.ts';
import { dereference, type AnswerPlace } from './targets.ts';

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

export function answeringJson(place: AnswerPlace, change: (body: unknown) => unknown): ResponseChange {
  return answering(place, (answer) => {
    const body = parseJson(answer.body);
    if (body === undefined) return answer;
    const changed = JSON.stringify(change(body));
    return changed === JSON.stringify(body) ? answer : { ...answer, body: changed };
  });
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

type Edit = (value: unknown) => unknown;

/**
 * A copy of a document with one place changed. References on the way are replaced by their targets, so that other
 * references to the same target keep it unchanged.
 */
export function rewrite(document: OpenApiDocument, steps: readonly string[], edit: Edit): OpenApiDocument {
  const copy = { ...document };
  const [first, ...rest] = steps;
  if (first !== undefined) Reflect.set(copy, first, rewriteWithin(document, valueAt(document, [first]), rest, edit));
  return copy;
}

export function rewriteObject(
  document: OpenApiDocument,
  steps: readonly string[],
  edit: (value: Fields) => Fields,
): OpenApiDocument {
  return rewrite(document, steps, (value) => edit(isFields(value) ? value : {}));
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
  const holder = isFields(real) ? real : {};
  const inside = rewriteWithin(document, holder[first], rest, edit);
  const others = Object.entries({ ...holder, [first]: inside });
  return Object.fromEntries(others.filter(([, each]) => each !== undefined));
}

const names = ['string', 'number', 'integer', 'boolean', 'object', 'array'] as const;
type TypeName = (typeof names)[number];

/** The type of a schema, null aside, if it has exactly one. */
export function typeOf(schema: Fields): TypeName | undefined {
  const types = [schema['type']].flat().filter((type) => type !== 'null');
  return types.length === 1 ? names.find((name) => name === types[0]) : undefined;
}

export function isNullable(schema: Fields): boolean {
  return schema['nullable'] === true || [schema['type']].flat().includes('null');
}

/** A schema that allows null as well, in the document's version of OpenAPI. */
export function orNull({ openapi }: OpenApiDocument, schema: Fields): Fields {
  if (openapi.startsWith('3.0')) return { ...schema, nullable: true };
  if (Array.isArray(schema['enum']) || 'const' in schema || schema['type'] === undefined) {
    return { anyOf: [schema, { type: 'null' }] };
  }
  return { ...schema, type: [...[schema['type']].flat(), 'null'] };
}

export function ofType(document: OpenApiDocument, schema: Fields, type: TypeName): Fields {
  const plain = type === 'array' ? { type, items: {} } : { type };
  return isNullable(schema) ? orNull(document, plain) : plain;
}

export function fixedValues(schema: Fields): unknown[] {
  return (valuesOf({ parts: [{ steps: [], within: [], schema }] }) ?? []).filter((value) => value !== null);
}

export function withValues(schema: Fields, values: readonly unknown[]): Fields {
  const { const: _, ...rest } = schema;
  return { ...rest, enum: isNullable(schema) ? [...values, null] : [...values] };
}
