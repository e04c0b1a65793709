// A provider that does one thing wrong: the check for that thing finds it, and no other does.
import { expect, test } from '@jest/globals';
import { checkConformance } from '../../../src/verify/conformance/check-conformance.ts';
import { openProvider } from '../../../src/verify/provider/open-provider.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import { readApi } from '../../../src/openapi/api.ts';
import { serveThings, type Quirks } from './things.ts';

const api = await readApi('test/verify/conformance/things.yaml');

async function check(quirks: Quirks): Promise<Verdict[]> {
  await using server = await serveThings(quirks);
  const provider = await openProvider({ url: server.url, states: `${server.url}/states`, api, environment: {} });
  return await checkConformance({ provider, api });
}

test('a provider that does everything as described is found to', async () => {
  const verdicts = await check({});
  expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
  expect(new Set(verdicts.map(({ rule }) => rule))).toEqual(
    new Set(
      'status|header|content type|schema|authentication|client|method|Allow|wrong parameter|wrong required parameter|wrong body|wrong content type'.split(
        '|',
      ),
    ),
  );
});

test.each<[string, Quirks, string]>([
  ['a status that is not documented', { status: 206 }, 'GET /things status'],
  ['a header that is missing', { total: null }, "GET /things header $.response.headers['X-Total']"],
  ['a header of another type', { total: 'many' }, "GET /things header $.response.headers['X-Total']"],
  ['a list in a header with a wrong item', { ids: '1, x' }, "GET /things header $.response.headers['X-Ids']"],
  ['another content type', { type: 'text/plain' }, 'GET /things content type'],
  ['JSON that is broken off', { text: '[{' }, 'GET /things syntax'],
  ['a field that is missing', { things: [{ size: 1 }] }, 'GET /things schema $.response.body[*].name'],
  ['a field of another type', { things: [{ name: 'One', size: 'big' }] }, 'GET /things schema $.response.body[*].size'],
  ['a field that must not be', { things: [{ name: 'One', more: 1 }] }, 'GET /things schema $.response.body[*][*]'],
  ['an error of another shape', { refusal: { error: 'no' } }, 'GET /things schema $.response.body.message'],
  ['no token', { takesNoToken: true }, 'GET /things authentication'],
  ['garbage for a token', { takesGarbage: true }, 'GET /things authentication'],
  ['an altered token', { takesAltered: true }, 'GET /things authentication'],
  ['an expired token', { takesExpired: true }, 'GET /things authentication'],
  ['a token without the scope', { takesAnyScope: true }, 'GET /things authentication'],
  ['a client that there is not', { takesAnyClient: true }, 'POST /token client'],
  ['no client', { takesNoClient: true }, 'POST /token client'],
  [
    'a token without its header',
    { tokenHeaders: { 'Cache-Control': 'public' } },
    "POST /token header $.response.headers['Cache-Control']",
  ],
  ['a limit out of bounds', { takesAnyLimit: true }, 'GET /things wrong parameter'],
  ['a header against its pattern', { takesAnyTenant: true }, 'GET /things wrong parameter'],
  ['no required header', { takesNoTenant: true }, 'GET /things wrong required parameter'],
  ['a body against its schema', { takesAnyBody: true }, 'POST /things wrong body'],
  ['a body of another content type', { takesAnyType: true }, 'POST /things wrong content type'],
  ['a redirect for a refusal', { refusesWith: 302 }, 'GET /things wrong parameter'],
  ['500 for a refusal', { failsOnWrong: true }, 'GET /things wrong parameter'],
  ['another method', { methods: 200 }, 'GET /things method'],
  ['405 without Allow', { allow: '' }, 'GET /things Allow'],
  ['405 with another Allow', { allow: 'GET' }, 'GET /things Allow'],
])('%s is found', async (_name, quirks, expected) => {
  const broken = (await check(quirks)).filter(({ result }) => result !== 'holds');
  const found = broken.map(({ operation, rule, place }) => [operation, rule, place].filter(Boolean).join(' '));
  expect(broken.every(({ result }) => result === 'broken')).toBe(true);
  const [, , ...rule] = expected.split(' ');
  expect(found).toContain(expected);
  // What is wrong with GET may be wrong with POST of the same path too; another rule is never broken.
  const others = found.filter(
    (each) => !each.includes(rule.join(' ')) && !(rule[0] === 'wrong' && each.includes(' wrong ')),
  );
  expect(others).toEqual([]);
});

test('404 for another method is as good as 405, unless the document has 405 for the path', async () => {
  const documented = await readApi('test/verify/conformance/things.yaml');
  for (const each of documented.operations) if (each.path === '/things') each.statuses.push('405');
  await using server = await serveThings({ methods: 404 });
  const found = await Promise.all(
    [api, documented].map(async (each) => {
      const provider = await openProvider({
        url: server.url,
        states: `${server.url}/states`,
        api: each,
        environment: {},
      });
      const verdicts = await checkConformance({ provider, api: each });
      return verdicts.filter(({ result }) => result !== 'holds').map(({ rule }) => rule);
    }),
  );
  expect(found).toEqual([[], ['method', 'method', 'method']]);
});

test('a provider that answers each valid request with a documented failure is broken', async () => {
  const documented = await readApi('test/verify/conformance/things.yaml');
  for (const each of documented.operations) each.statuses.push('503');
  await using server = await serveThings({ status: 503 });
  const states = `${server.url}/states`;
  const provider = await openProvider({ url: server.url, states, api: documented, environment: {} });
  const verdicts = await checkConformance({ provider, api: documented });
  const broken = verdicts.filter(({ result }) => result === 'broken');
  expect(broken).toContainEqual(expect.objectContaining({ operation: 'GET /things', rule: 'success' }));
});

test('values of answers are shown where that was asked for', async () => {
  await using server = await serveThings({ things: [{ name: 'One', size: 'big' }] });
  const states = `${server.url}/states`;
  const provider = await openProvider({ url: server.url, states, api, environment: {}, showValues: true });
  const broken = (await checkConformance({ provider, api })).find(({ result }) => result === 'broken');
  expect(broken?.sentence).toContain('a string ("big") at');
});

test.each<[string, Quirks, string]>([
  ['refuses everybody', { refusesClients: 400 }, 'not verifiable'],
  ['does not work', { refusesClients: 503 }, 'broken'],
])('what needs a token is not verified where the token endpoint %s', async (_name, quirks, expected) => {
  const access = (await check(quirks)).filter(({ rule }) => rule === 'access');
  expect(access.map(({ result, operation }) => [result, operation])).toEqual([
    [expected, 'GET /things'],
    [expected, 'POST /things'],
  ]);
});
