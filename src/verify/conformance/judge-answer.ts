import type { Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow, partAt } from '../../openapi/look-up.ts';
import type { Operation } from '../../openapi/operations.ts';
import { shapesOf, styleOf } from '../../openapi/parameters.ts';
import { findResponse } from '../../openapi/responses.ts';
import type { Steps } from '../../openapi/schema.ts';
import { entriesOf, parseJson, toJsonPath, toPointer, valueAt } from '../../util/json.ts';
import { findMediaType, isJson } from '../../util/media-type.ts';
import type { ProviderResponse } from '../provider/exchange.ts';
import type { Provider } from '../provider/provider.ts';
import type { VerdictResult } from '../verdict.ts';
import { withArticle, bodyPlace, kindOf, mediaTypeOf, writeSteps } from '../provider/places.ts';

type Teller = Pick<Provider, 'quote' | 'show'>;

export interface AnswerFinding {
  rule: string;
  result: VerdictResult;
  pointer?: string;
  place?: string;
  /** Tells apart what one rule tries in several ways. */
  way?: string;
  sentence: string;
}

/**
 * Checks an answer against the specification: status, content type, headers, body. Says nothing of the answer but its
 * structure.
 * @param what the request, as the start of a sentence.
 * @param teller shows of an answer what may be shown.
 */
export function judgeAnswer(
  api: Api,
  operation: Operation,
  answer: ProviderResponse,
  what: string,
  teller: Teller,
): AnswerFinding[] {
  const { document } = api;
  if (operation.statuses.length === 0) return [];
  const steps = findResponse(document, operation, answer.status)?.response.steps;
  const responses = toPointer([...operation.steps, 'responses']);
  if (!steps) {
    const documented = operation.statuses.join(', ');
    const sentence = `${what} is answered ${answer.status}${teller.quote(answer.body)}, but the specification has only ${documented}.`;
    return [{ rule: 'status', result: 'broken', pointer: responses, sentence }];
  }
  return [
    { rule: 'status', result: 'holds', pointer: responses, sentence: 'Every status is documented.' },
    ...judgeHeaders(api, steps, answer, what, teller),
    ...judgeBody(api, steps, answer, what, teller),
  ];
}

function judgeHeaders(
  api: Api,
  response: Steps,
  { headers }: ProviderResponse,
  what: string,
  teller: Teller,
): AnswerFinding[] {
  // OpenAPI describes the content type elsewhere, and ignores a header of the name (OpenAPI 3.1, section 4.8.17.1).
  return entriesOf(valueAt(api.document, follow(api.document, [...response, 'headers'])))
    .filter(([name]) => name.toLowerCase() !== 'content-type')
    .map(([name]) => {
      const steps = follow(api.document, [...response, 'headers', name]);
      const finding = { rule: 'header', pointer: toPointer(steps), place: `$.response.headers['${name}']` };
      const value = headers.get(name.toLowerCase());
      if (value === undefined) {
        const missing = valueAt(api.document, [...steps, 'required']) === true;
        const sentence = `${what} is answered without the header ${name}, but the specification requires it.`;
        return {
          ...finding,
          ...(missing ? { result: 'broken', sentence } : fine(`The header ${name} is optional.`)),
        };
      }
      const schema = follow(api.document, [...steps, 'schema']);
      const readings = [value, parseJson(value)].filter((each) => each !== undefined);
      const parts = value.replaceAll(/(?<![ \t])[ \t]*,[ \t]*/g, ',');
      const { list, object } = shapesOf(styleOf(partAt(api.document, steps)?.fields ?? {}), name, [parts]);
      const wrong =
        valueAt(api.document, schema) !== undefined &&
        readings.every((each) => api.schemas.check(schema, each).length > 0) &&
        [list, object].every((each) => !each || api.schemas.checkRequest(schema, each, true).length > 0);
      const sentence = `${what} is answered with a header ${name}${teller.show(value)} that violates its schema.`;
      return {
        ...finding,
        ...(wrong ? { result: 'broken', sentence } : fine(`The header ${name} conforms to its schema.`)),
      };
    });
}

function fine(sentence: string): Pick<AnswerFinding, 'result' | 'sentence'> {
  return { result: 'holds', sentence };
}

function judgeBody(
  api: Api,
  response: Steps,
  { status, headers, body }: ProviderResponse,
  what: string,
  teller: Teller,
): AnswerFinding[] {
  const content = follow(api.document, [...response, 'content']);
  const types = entriesOf(valueAt(api.document, content)).map(([range]) => range);
  if (types.length === 0) return [];
  const actual = headers.get('content-type') ?? '';
  const type = findMediaType(types, actual);
  const about = { rule: 'content type', pointer: toPointer(content) };
  if (type === undefined) {
    const sentence = `${what} is answered ${status} with ${mediaTypeOf(actual)}, but the specification has only ${types.join(', ')}.`;
    return [{ ...about, result: 'broken', sentence }];
  }
  return [
    { ...about, ...fine('Every content type is documented.') },
    ...judgeSchema(api, follow(api.document, [...content, type]), actual, body, `${what}, answered ${status},`, teller),
  ];
}

function judgeSchema(
  api: Api,
  mediaType: Steps,
  type: string,
  body: Buffer,
  what: string,
  teller: Teller,
): AnswerFinding[] {
  const schema = follow(api.document, [...mediaType, 'schema']);
  if (valueAt(api.document, schema) === undefined || !(isJson(type) || type.startsWith('text/'))) return [];
  const about = { rule: 'schema', pointer: toPointer(schema) };
  const value = isJson(type) ? parseJson(body) : body.toString();
  if (value === undefined) {
    return [{ ...about, rule: 'syntax', result: 'broken', sentence: `${what} has a body that is not JSON.` }];
  }
  const violations = api.schemas.check(schema, value, 'answer');
  if (violations.length === 0) return [{ ...about, ...fine('Every body conforms to its schema.') }];
  return violations.map(({ path, steps, expected }) => {
    // The path of a missing property has its name, which comes from the specification.
    const missing = expected === 'to be present' ? path.slice(toJsonPath(steps).length) : '';
    const place = answerPlace(api.document, steps) + missing;
    const here = valueAt(value, steps);
    const found = missing === '' ? `${withArticle(kindOf(here))}${teller.show(here)}` : 'nothing';
    const sentence = `${what} has ${found} at ${place}, where its schema expects ${expected}.`;
    return { ...about, place, result: 'broken', sentence };
  });
}

const known = new WeakMap<OpenApiDocument, ReadonlySet<string>>();

/** A place in a body. A key that the specification does not name may be a person's name, so it becomes `[*]`. */
function answerPlace(document: OpenApiDocument, steps: readonly string[]): string {
  const names = known.get(document) ?? new Set(propertyNames(document));
  known.set(document, names);
  return bodyPlace + writeSteps(steps.map((key) => (names.has(key) ? { key } : '*')));
}

function propertyNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => [
    ...(key === 'properties' ? entriesOf(child).map(([name]) => name) : []),
    ...(key === 'required' && Array.isArray(child) ? child.map(String) : []),
    ...propertyNames(child),
  ]);
}
