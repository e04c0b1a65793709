// The mock routes and checks tokens by itself, gives Prism one operation and serializes what comes back. That none of
// this changes an answer is shown beside Prism's own command line, on the same specification with the same fixtures.
import * as fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { readSpec } from '../../src/openapi/load/load.ts';
import { bearerOf } from '../support/http.ts';
import { startPrismCli } from '../support/prism-cli.ts';
import { isLong, runs } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Sent {
  method: string;
  /** Without the path of the server. */
  target: string;
  headers?: Record<string, string>;
  body?: string;
}

/** The specification with a clinic's fixtures in the place of its examples, as Prism's command line wants them. */
async function withFixtures(spec: string, clinicFile: string): Promise<string> {
  const document: unknown = JSON.parse(JSON.stringify(await readSpec(spec)));
  const { responses }: { responses: Record<string, unknown> } = parse(await readFile(clinicFile, 'utf8'));
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const id: unknown = Reflect.get(value, 'operationId');
    if (typeof id === 'string' && id in responses) {
      const content: unknown = Reflect.get(value, 'responses')['200'].content['application/json'];
      if (typeof content !== 'object' || content === null) throw new Error(`${id} has no JSON.`);
      Reflect.deleteProperty(content, 'example');
      Reflect.set(content, 'examples', { fixture: { value: responses[id] } });
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(document);
  return JSON.stringify(document);
}

/** Sends the same request to both, compares status and body, and gives the status. */
async function compare(mock: Mock, authorization: string, prismUrl: string, sent: Sent): Promise<number> {
  const { method, target, headers = {}, body } = sent;
  const send = async (base: string, token: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(base + target, {
      method,
      headers: { ...headers, Authorization: token },
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, body: asJson(text) };
  };
  const [ours, theirs] = await Promise.all([send(mock.baseUrl, authorization), send(prismUrl, 'Bearer any')]);
  expect(ours).toEqual(theirs);
  return ours.status;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const accepts = fc.constantFrom<Record<string, string>>(
  {},
  { Accept: '*/*' },
  { Accept: 'application/json' },
  { Accept: 'application/json;q=0.9, text/html' },
  { Accept: 'text/html' },
);

const doctorsRequest: fc.Arbitrary<Sent> = fc.record({
  method: fc.constant('GET'),
  target: fc.constantFrom('', '?', '?page=2', '?a=1&a=2', '?x=%zz').map((query) => `/equipe/doctors${query}`),
  headers: accepts,
});

const query = fc.tuple(
  fc.constantFrom('', 'from=HEL', 'from=helsinki', 'from=', 'from=HEL&from=TLL'),
  fc.constantFrom('', 'limit=1', 'limit=0', 'limit=50', 'limit=51', 'limit=many', 'limit='),
  fc.constantFrom('', 'deck=car', 'deck=car&deck=passenger', 'deck=bicycle', 'unknown=1'),
);

// Always JSON: a body that says so and is not gets no answer from Prism's command line at all, and 400 from the mock.
const bookingBody = fc.oneof(
  fc.constant('{"passengers":2}'),
  fc.constantFrom('{}', '[]', 'null', '""', '{"passengers":2}', '{"passengers":0}', '{"passengers":"2"}'),
  fc
    .oneof(
      fc.record({
        passengers: fc.integer({ min: -2, max: 9 }),
        car: fc.oneof(fc.string(), fc.constant(null), fc.integer()),
      }),
      fc.record({ passengers: fc.constant(1), extra: fc.jsonValue() }),
      fc.jsonValue(),
    )
    .map((value) => JSON.stringify(value)),
);

const sailingId = fc.constantFrom('1', '12', '0', '-1', '1.5', 'abc', '%20', 'a%2Fb');

const ferriesRequest: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({
    method: fc.constant('GET'),
    target: query.map((parts) => `/sailings?${parts.filter(Boolean).join('&')}`),
    headers: accepts,
  }),
  fc.record({ method: fc.constant('GET'), target: sailingId.map((id) => `/sailings/${id}`), headers: accepts }),
  fc.record({
    method: fc.constant('POST'),
    target: sailingId.map((id) => `/sailings/${id}/bookings`),
    headers: fc.constantFrom<Record<string, string>>(
      { 'Content-Type': 'application/json' },
      { 'Content-Type': 'application/json; charset=utf-8' },
      { 'Content-Type': 'text/plain' },
    ),
    body: bookingBody,
  }),
  fc.record({ method: fc.constant('POST'), target: sailingId.map((id) => `/sailings/${id}/bookings`) }),
  fc.record({
    method: fc.constant('DELETE'),
    target: sailingId.map((id) => `/bookings/${id}`),
    headers: accepts,
  }),
  fc.record({ method: fc.constant('GET'), target: fc.constant('/ports'), headers: accepts }),
);

const bundled = {
  spec: 'openapi/arzamed.yaml',
  clinics: 'mocks/clinics',
  clinic: 'bianchi',
  request: doctorsRequest,
  cases: 60,
  statuses: [200, 406],
};

test.each([
  // It has nothing that the other document lacks, so `npm test` leaves it out.
  ...(isLong ? [bundled] : []),
  {
    spec: 'test/other-api/ferries.yaml',
    clinics: 'test/other-api/clinics',
    clinic: 'baltic',
    request: ferriesRequest,
    cases: runs(30, 500),
    statuses: [200, 201, 204, 406, 422],
  },
])(
  'the mock answers as prism-cli does: $spec',
  async ({ spec, clinics, clinic, request, cases, statuses }) => {
    await using folder = await temporaryFolder({ 'spec.json': await withFixtures(spec, `${clinics}/${clinic}.yaml`) });
    await using prism = await startPrismCli(`${folder.path}/spec.json`);
    await using mock = await startMock({ spec, clinics });
    const scope = clinic === 'bianchi' ? { scope: 'https://api.nextgen.arzamed.com/read' } : {};
    const authorization = await bearerOf(mock, clinic, scope);
    const seen = new Set<number>();
    const property = fc.asyncProperty(request, async (sent) => {
      seen.add(await compare(mock, authorization, prism.url, sent));
    });
    await fc.assert(property, { seed: 4010, numRuns: cases, endOnFailure: true });
    expect([...seen].toSorted((a, b) => a - b)).toEqual(statuses);
  },
  60_000,
);
