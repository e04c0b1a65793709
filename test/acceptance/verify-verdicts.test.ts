// What `arzamed verify` says of providers under test, right ones and wrong ones.
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { contractOf, json, jsonBody, serve, type Seen } from '../verify/provider/support.ts';
import { verifyHere, type Reported, type VerifyReport } from '../support/in-process.ts';
import { shareVerifier } from '../support/shared-verifier.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

shareVerifier();

type Json = Record<string, unknown>;
type Verdict = VerifyReport['verdicts'][number];

const thing = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
const answer = (schema: Json): Json => ({ description: 'An answer.', content: { 'application/json': { schema } } });
const one = { name: 'One' };

/** A contract with one interaction, whose answer has a name of any length. */
function contract(status = 200, states: { name: string; params?: Json }[] = []): object {
  const matchingRules = { body: { '$.name': { matchers: [{ match: 'type' }] } } };
  return Object(contractOf({ states, response: { status, body: jsonBody(one), matchingRules } }).content);
}

/** An API with one operation, `GET /things`. */
function api(responses: Json, operation: Json = {}, more: Json = {}): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1.0.0' },
    servers: [{ url: 'https://things.example' }],
    paths: { '/things': { get: { operationId: 'getThing', responses, ...operation } } },
    ...more,
  };
}

/** Serves `GET /things`; provider states are taken on, and other methods refused. */
function serveThings(handler: (request: Seen, response: ServerResponse, states: readonly string[]) => void) {
  let states: string[] = [];
  return serve((request, response) => {
    if (request.path === '/states') {
      const { action, state }: { action?: string; state: string } = JSON.parse(request.body);
      states = action === 'teardown' ? [] : [...states, state];
      return json(response, 200, {});
    }
    if (request.method !== 'GET') return json(response, 405, {}, { Allow: 'GET' });
    return handler(request, response, states);
  });
}

const failing = ({ report }: Reported<VerifyReport>): Verdict[] =>
  report.verdicts.filter(({ result }) => result !== 'holds');

describe('an interaction whose provider state has an array and an object as parameters', () => {
  const state = { name: 'some things', params: { ids: [1, 2], where: { city: 'Turin' } } };
  const name = 'a request, given some things (ids: [1,2], where: {"city":"Turin"})';
  const files = new Map<string, string>();
  let verified: Reported<VerifyReport>;
  beforeAll(async () => {
    await using folder = await temporaryFolder();
    await using provider = await serveThings((_request, response) => json(response, 200, one));
    const reports = ['md', 'xml', 'html'].map((ending) => `${folder.path}/report.${ending}`);
    verified = await verifyHere(
      provider,
      { spec: api({ 200: answer(thing) }), contract: contract(200, [state]) },
      reports,
    );
    for (const report of reports) files.set(report.replace(/.*\./, ''), await readFile(report, 'utf8'));
  });

  test('has one name in JSON, whichever net judges it', () => {
    const { verdicts, coverage } = verified.report;
    const named = verdicts.filter(({ interaction }) => interaction !== undefined);
    expect(named.map(({ net }) => net)).toEqual(expect.arrayContaining(['guarantee', 'provider']));
    expect(new Set(named.map(({ interaction }) => interaction))).toEqual(new Set([name]));
    expect(coverage.map(({ interactions }) => interactions)).toEqual([[name]]);
  });

  test('has one row in Markdown', () => {
    const rows = files
      .get('md')
      ?.split('\n')
      .filter((line) => line.startsWith('| a request'));
    expect(rows).toHaveLength(1);
  });

  test('has one name in JUnit', () => {
    const names = files.get('xml')?.match(/(?<=: )a request, given [^)]*\)/g);
    expect([...new Set(names)]).toEqual([name.replaceAll('"', '&quot;')]);
  });

  test('has one row in HTML', () => {
    const rows = files.get('html')?.match(/<summary>a request[^<]*<\/summary>/g);
    expect(rows).toHaveLength(1);
  });
});

describe('optional authentication', () => {
  const clientCredentials = { tokenUrl: 'https://things.example/token', scopes: { read: 'Look.' } };
  const components = { securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials } } } };
  const responses = { 200: answer(thing), 401: { description: 'Refused.' } };
  const alternatives: [order: string, security: Json[]][] = [
    ['the token first', [{ oauth: ['read'] }, {}]],
    ['nothing first', [{}, { oauth: ['read'] }]],
  ];

  /** Verifies a provider that refuses wrong tokens, and by its choice requests without one. */
  async function verify(security: Json[], { documented = true, wantsToken = false }): Promise<Reported<VerifyReport>> {
    const token = 'header.claims.signature';
    await using provider = await serve(({ method, path, headers, body }, response) => {
      const basic = 'Basic Y2xpZW50OnNlY3JldA==';
      if (path === '/states') {
        const { state }: { state: string } = JSON.parse(body);
        const values = state === 'a key' ? { basic, tokenPath: '/token' } : { accessToken: 'header.expired.signature' };
        return json(response, 200, values);
      }
      if (path === '/token') return json(response, 200, { access_token: token, token_type: 'Bearer' });
      if (method !== 'GET') return json(response, 405, {}, { Allow: 'GET' });
      const { authorization } = headers;
      const isIn = authorization === undefined ? !wantsToken : authorization === `Bearer ${token}`;
      return isIn ? json(response, 200, one) : void response.writeHead(401).end();
    });
    const described = documented ? responses : { 200: responses[200] };
    return await verifyHere(provider, { spec: api(described, { security }, { components }), contract: contract() });
  }

  test.each(alternatives)('is no ground to refuse a request without a token: %s', async (_order, security) => {
    const verified = await verify(security, {});
    expect(failing(verified)).toEqual([]);
    expect(verified.code).toBe(0);
  });

  test.each(alternatives)('is not what a provider has that wants a token: %s', async (_order, security) => {
    const { code, report } = await verify(security, { documented: false, wantsToken: true });
    expect(report.verdicts).toContainEqual(expect.objectContaining({ net: 'conformance', result: 'broken' }));
    expect(code).toBe(1);
  });

  test('is judged alike in either order', async () => {
    const [first, second] = [await verify([{ oauth: ['read'] }, {}], {}), await verify([{}, { oauth: ['read'] }], {})];
    const brief = ({ report }: Reported<VerifyReport>): (string | undefined)[][] =>
      report.verdicts.map(({ net, result, operation, rule, place }) => [net, result, operation, rule, place]);
    expect(brief(first)).toEqual(brief(second));
  });
});

describe('a provider that was reached is wrong', () => {
  type Answer = [status: number, type: string, body: string];
  const text = JSON.stringify(one);
  const documented = api({ 200: answer(thing), 503: answer(thing) });

  /** Verifies with a contract about 200 and a provider that gives the same answer to all. */
  async function verify([status, type, body]: Answer): Promise<Reported<VerifyReport>> {
    await using provider = await serveThings(
      (_request, response) => void response.writeHead(status, { 'Content-Type': type }).end(body),
    );
    return await verifyHere(provider, { spec: documented, contract: contract() });
  }

  const both = ['provider', 'conformance'];
  describe.each<[name: string, answer: Answer, nets: string[]]>([
    ['the right JSON as text/html', [200, 'text/html', text], both],
    ['the right JSON as text/html with a charset', [200, 'text/html; charset=utf-8', text], both],
    ['404 with a web page', [404, 'text/html; charset=utf-8', '<!DOCTYPE html><pre>Cannot GET /things</pre>'], both],
    ['400 with a web page', [400, 'text/html', '<h1>Bad Request</h1>'], both],
    // What is documented, only the specification knows.
    ['500 where 503 alone is documented', [500, 'application/json', '{"error":"internal"}'], ['conformance']],
    ['501 where 503 alone is documented', [501, 'application/json', text], ['conformance']],
  ])('by %s', (_name, given, nets) => {
    let verified: Reported<VerifyReport>;
    beforeAll(async () => {
      verified = await verify(given);
    });

    test('and ends with 1', () => expect(verified.code).toBe(1));

    test.each(nets)('which %s says is broken', (net) => {
      const verdicts = failing(verified).filter((verdict) => verdict.net === net);
      expect(verdicts).toContainEqual(expect.objectContaining({ result: 'broken' }));
      expect(verdicts).not.toContainEqual(expect.objectContaining({ result: 'unanswered' }));
    });
  });

  test('by 500 where the contract demands 503', async () => {
    await using provider = await serveThings((_request, response, states) => {
      if (states.includes('the service is down')) json(response, 500, one);
      else json(response, 200, one);
    });
    const states = [{ name: 'the service is down' }];
    const verified = await verifyHere(provider, { spec: documented, contract: contract(503, states) });
    expect(failing(verified)).toMatchObject([{ net: 'provider', result: 'broken', place: '$.response.status' }]);
    expect(verified.code).toBe(1);
  });
});

describe('a provider under test that does not work is broken', () => {
  test.each([
    ['503 as documented', 503, 'application/json', JSON.stringify(one)],
    ["a gateway's 503 with a web page", 503, 'text/html', '<h1>Service Unavailable</h1>'],
    ["a gateway's 502 with a web page", 502, 'text/html', '<h1>Bad Gateway</h1>'],
    ['429', 429, 'application/json', '{}'],
  ])('%s: it ends with 1', async (_name, status, type, body) => {
    await using provider = await serveThings(
      (_request, response) => void response.writeHead(status, { 'Content-Type': type }).end(body),
    );
    const verified = await verifyHere(provider, {
      spec: api({ 200: answer(thing), 503: answer(thing) }),
      contract: contract(),
    });
    expect(failing(verified)).toContainEqual(
      expect.objectContaining({ net: 'provider', result: 'broken', place: '$.response.status' }),
    );
    expect(verified.code).toBe(1);
  });
});
