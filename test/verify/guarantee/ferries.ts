import { checkGuarantees } from '../../../src/verify/guarantee/check-guarantees.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import type { OpenApiDocument } from '../../../src/openapi/document.ts';
import { readSpec } from '../../../src/openapi/load/load.ts';

/** The invented API of another trade, and a contract with it that it keeps. */
export const ferries = await readSpec('test/other-api/ferries.yaml');

type Json = Record<string, unknown>;
export type Parts = { request?: Json; response?: Json } & Json;

const rules = (body: Record<string, object[]>): Json => ({
  body: Object.fromEntries(Object.entries(body).map(([path, matchers]) => [path, { matchers }])),
});
const json = { 'Content-Type': 'application/json' };
const bearer = { Authorization: 'Bearer x' };
const type = [{ match: 'type' }];

/** Interactions that keep the specification, by name. */
export const kept: Record<string, Parts> = {
  token: {
    request: {
      method: 'POST',
      path: '/connect/token',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Basic eDp5' },
      body: {
        content: 'grant_type=client_credentials&scope=sailings%3Aread+bookings%3Awrite',
        contentType: 'application/x-www-form-urlencoded',
      },
    },
    response: {
      status: 200,
      headers: json,
      body: { content: { access_token: 'a', token_type: 'b', expires_in: 900 }, contentType: 'application/json' },
      matchingRules: rules({ '$.access_token': type, '$.token_type': type, '$.expires_in': [{ match: 'integer' }] }),
    },
  },
  find: {
    request: {
      method: 'GET',
      path: '/v2/sailings',
      query: { from: ['HEL'], limit: ['10'], deck: ['car'] },
      headers: { ...bearer, Accept: 'application/json' },
    },
    response: {
      status: 200,
      headers: json,
      body: { content: [{ id: 1, ship: 'Example', legs: [{ to: 'TLL' }] }], contentType: 'application/json' },
      matchingRules: rules({ $: type, '$[*].id': [{ match: 'integer' }], '$[*].legs': type }),
    },
  },
  book: {
    request: {
      method: 'POST',
      path: '/v2/sailings/7/bookings',
      headers: { ...bearer, ...json },
      body: { content: { passengers: 2 }, contentType: 'application/json' },
    },
    response: {
      status: 201,
      headers: { Location: '/v2/bookings/7' },
      body: { content: { booking: 7 }, contentType: 'application/json' },
      matchingRules: {
        ...rules({ '$.booking': [{ match: 'number' }] }),
        header: { Location: { matchers: [{ match: 'type' }] } },
      },
    },
  },
  cancel: { request: { method: 'DELETE', path: '/v2/bookings/7', headers: bearer }, response: { status: 204 } },
};

/** A contract of version 4 with these interactions, each with other parts where they are given. */
export function contractOf(interactions: Record<string, Parts>): ReturnType<typeof readContract> {
  const text = JSON.stringify({
    consumer: { name: 'app' },
    provider: { name: 'ferries' },
    interactions: Object.entries(interactions).map(([description, parts]) => ({
      description,
      type: 'Synchronous/HTTP',
      ...parts,
    })),
    metadata: { pactSpecification: { version: '4.0' } },
  });
  return readContract('app-ferries.json', text);
}

/** One of the interactions, with other parts. */
export function changed(name: string, { request = {}, response = {}, ...more }: Parts): Record<string, Parts> {
  const { request: asked, response: answered } = kept[name] ?? {};
  return { [name]: { request: { ...asked, ...request }, response: { ...answered, ...response }, ...more } };
}

/** The specification with another value at a place. */
export function ferriesWith(change: (document: Json) => void): OpenApiDocument {
  const document: OpenApiDocument & Json = JSON.parse(JSON.stringify(ferries));
  change(document);
  return document;
}

/** Sets what stands at a pointer, or takes it away. */
export function set(pointer: string, value?: unknown): (document: Json) => void {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  return (document) => {
    let holder: unknown = document;
    for (const step of steps) holder = Reflect.get(Object(holder), step);
    if (typeof holder !== 'object' || holder === null || (value === undefined && !Object.hasOwn(holder, last)))
      throw new Error(`Nothing stands at ${pointer}.`);
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else Reflect.set(holder, last, value);
  };
}

/** What is broken, as `rule at place`. */
export function brokenBy(document: OpenApiDocument, interactions: Record<string, Parts>): string[] {
  return broken(checkGuarantees(document, [contractOf(interactions)]));
}

export function broken(verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(({ result }) => result === 'broken').map(({ rule, place }) => `${rule} at ${place}`);
}
