import { readContract } from '../../../src/pact/read-contract.ts';
import { checkGuarantees } from '../../../src/verify/guarantee/check-guarantees.ts';
import type { OpenApiDocument } from '../../../src/openapi/document.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';

type Json = Record<string, unknown>;

/** An operation `GET /boxes` of an invented document, or another one, and one interaction of a contract with it. */
export interface Inline {
  operation?: Json;
  document?: Json;
  path?: string;
  method?: string;
  request?: Json;
  response?: Json;
  /** Of Pact's specification; 3 unless given. */
  pact?: string;
}

export function verdictsOf({
  operation = {},
  document = {},
  path = '/boxes',
  method = 'get',
  ...rest
}: Inline): Verdict[] {
  const { request = {}, response = {}, pact = '3.0.0' } = rest;
  const whole = {
    openapi: '3.0.3',
    info: { title: 'Shelf', version: '1' },
    paths: { [path]: { [method]: { responses: { 200: { description: 'ok' } }, ...operation } } },
    ...document,
  };
  const text = JSON.stringify({
    consumer: { name: 'porter' },
    provider: { name: 'shelf' },
    interactions: [
      {
        description: 'x',
        request: { method: method.toUpperCase(), path: '/boxes', ...request },
        response: { status: 200, ...response },
      },
    ],
    metadata: { pactSpecification: { version: pact } },
  });
  const parsed: OpenApiDocument = JSON.parse(JSON.stringify(whole));
  return checkGuarantees(parsed, [readContract('porter-shelf.json', text)]);
}

/** What does not hold, as `result rule place`. */
export function openIn(inline: Inline): string[] {
  return verdictsOf(inline)
    .filter(({ result }) => result !== 'holds')
    .map(({ result, rule, place }) => `${result} ${rule} ${place}`);
}

/** A response with JSON content of a schema. */
export function answering(schema: Json, more: Json = {}): Json {
  return { responses: { 200: { description: 'ok', content: { 'application/json': { schema } }, ...more } } };
}
