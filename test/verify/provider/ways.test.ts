// What reaches the provider, and what reaches Pact's verifier of its answers.
import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { apiOf, type Api } from '../../../src/openapi/api.ts';
import { openProvider } from '../../../src/verify/provider/open-provider.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import { verifyProvider } from '../../../src/verify/provider/verify-provider.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import { shareVerifier } from '../../support/shared-verifier.ts';
import { brief, contractFrom, contractOf, json, jsonBody, serve, verify } from './support.ts';

shareVerifier();

const responses = { 200: { description: 'ok' } };

function apiBelow(...urls: string[]): Api {
  return apiOf({
    openapi: '3.0.3',
    info: { title: 'Things', version: '1' },
    servers: urls.map((url) => ({ url })),
    paths: { '/things': { get: { operationId: 'things', responses } } },
  });
}

describe("the path of the provider's URL", () => {
  test.each([
    ['is that of the server, and the contract has it too', '/api', '/api/things', '/api/things'],
    ['is that of the server, which the contract leaves out', '/api', '/things', '/api/things'],
    ['is left out, and the contract leaves it out too', '', '/things', '/api/things'],
    ['is that of the second server', '/beta', '/things', '/beta/things'],
    ['has more before that of the server', '/team/api', '/things', '/team/api/things'],
    ['is kept for a path that the document lacks', '/api', '/others', '/api/others'],
  ])('%s', async (_name, base, path, expected) => {
    await using provider = await serve((_request, response) => json(response, 200, {}));
    const api = apiBelow('https://things.example/api', 'https://things.example/beta');
    const opened = await openProvider({ url: provider.url + base, states: `${provider.url}/states`, api });
    const contract = contractFrom(contractOf({ request: { path, query: { a: ['1'] } } }));
    await verifyProvider({ provider: opened, contracts: [contract], api });
    expect(provider.seen.map((each) => each.path)).toContain(`${expected}?a=1`);
  });

  test('is no server path where the host alone ends like one', async () => {
    const opened = await openProvider({
      url: 'http://127.0.0.1:1/myapi',
      states: 'http://127.0.0.1:1/states',
      api: apiBelow('https://things.example/api'),
    });
    expect(opened.url).toBe('http://127.0.0.1:1/myapi');
  });
});

describe('headers of the connection', () => {
  async function demand(headers: Record<string, string[]>, method = 'GET'): Promise<Verdict[]> {
    const server = createServer((request, response) => {
      response.sendDate = false;
      response.writeHead(200, { 'Content-Length': '8', Connection: 'close', Upgrade: 'h2c' });
      response.end(request.method === 'HEAD' ? '' : '{"id":1}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const contract = contractOf({ request: { method }, response: { headers } });
    const verdicts = await verify({ url }, [contract]);
    server.closeAllConnections();
    server.close();
    return verdicts;
  }

  test.each(['GET', 'HEAD'])('of the answer to %s reach the verifier', async (method) => {
    const verdicts = await demand({ 'Content-Length': ['8'], Connection: ['close'], Upgrade: ['h2c'] }, method);
    expect(verdicts.map(({ result }) => result)).toEqual(['holds', 'holds', 'holds', 'holds']);
  });

  test.each(['Date', 'Keep-Alive', 'Transfer-Encoding'])(
    'that the provider does not send are missing: %s',
    async (name) => {
      const verdicts = await demand({ [name]: ['chunked'] });
      expect(brief(verdicts)).toContain(
        `broken header $.response.headers${/-/.test(name) ? `['${name}']` : `.${name}`}`,
      );
    },
  );
});

describe('numbers that Pact tells apart by how they are written', () => {
  test.each([
    [
      '1.0',
      'integer',
      1,
      'a number with a decimal point or an exponent (1.0), the contract demands an integer without.',
    ],
    [
      '1e2',
      'integer',
      1,
      'a number with a decimal point or an exponent (100.0), the contract demands an integer without.',
    ],
    [
      '1180591620717411303424',
      'integer',
      1,
      'a number with more than 64 bits (1.1805916207174113e+21), the contract demands',
    ],
    ['1', 'decimal', 1.5, 'an integer, the contract demands a number with a decimal point.'],
    [
      '1.0',
      'equality',
      1,
      'a number with a decimal point or an exponent (1.0), the contract demands an integer without.',
    ],
    ['2', 'equality', 1, 'a different integer than the contract demands.'],
  ])('%s where %s is demanded', async (written, match, example, sentence) => {
    await using states = await serve((_request, response) => json(response, 200, {}));
    await using provider = await serve(
      (_request, response) =>
        void response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"id":${written}}`),
    );
    const matchingRules = { body: { '$.id': { matchers: [{ match }] } } };
    const contract = contractOf({ response: { body: jsonBody({ id: example }), matchingRules } });
    const verdicts = await verify(provider, [contract], { states: states.url });
    expect(verdicts.map((each) => each.sentence)).toContainEqual(expect.stringContaining(sentence));
  });
});

test('an exact 1.0 of a contract is demanded as it is spelt', async () => {
  await using provider = await serve((_request, response) => json(response, 200, { id: 1 }));
  const { file, content } = contractOf({ response: { body: jsonBody({ id: 'NUMBER' }) } });
  const contract = readContract(file, JSON.stringify(content).replace('"NUMBER"', '1.0'));
  const opened = await openProvider({ url: provider.url, states: `${provider.url}/states` });
  const verdicts = await verifyProvider({ provider: opened, contracts: [contract] });
  expect(verdicts.map(({ sentence }) => sentence)).toContain(
    'The answer has an integer, the contract demands a number with a decimal point.',
  );
});

describe('values of answers', () => {
  const contract = contractOf({ response: { body: jsonBody({ name: 'One' }) } });

  test('are shown on request', async () => {
    await using states = await serve((_request, response) => json(response, 200, {}));
    await using provider = await serve((_request, response) => json(response, 200, { name: 'Two' }));
    const said = async (options: object): Promise<unknown> =>
      (await verify(provider, [contract], options)).find(({ result }) => result === 'broken')?.sentence;
    const sentence = 'The answer has a different string than the contract demands.';
    expect(await said({ states: states.url })).toBe(sentence);
    expect(await said({ states: states.url, showValues: true })).toBe(sentence.replace(' than', ' ("Two") than'));
    expect(await said({ showValues: true })).toBe(sentence);
  });
});

test('messages and interactions of plugins are named as not verifiable', async () => {
  await using provider = await serve((_request, response) => json(response, 200, {}));
  const { file, content } = contractOf({});
  const text = JSON.stringify(content);
  const plugin = JSON.parse(text.replace('"type":', '"pluginConfiguration":{"protobuf":{}},"type":'));
  const message = JSON.parse(text.replace('Synchronous/HTTP', 'Asynchronous/Messages'));
  const said = await Promise.all(
    [plugin, message].map(async (each) => (await verify(provider, [{ file, content: each }]))[0]),
  );
  expect(said).toMatchObject([
    { result: 'not verifiable', sentence: 'The interaction needs the plugin protobuf of Pact; none is run here.' },
    {
      result: 'not verifiable',
      sentence: 'This is an interaction of the type Asynchronous/Messages; only HTTP is verified here.',
    },
  ]);
  expect(provider.seen).toEqual([]);
});

test('a pending interaction is never broken, and is said to be pending', async () => {
  await using provider = await serve((_request, response) => json(response, 200, { a: 'x' }));
  const { file, content } = contractOf({ response: { body: jsonBody({ a: 1 }) } });
  const pending = JSON.parse(JSON.stringify(content).replace('"type":', '"pending":true,"type":'));
  const verdicts = await verify(provider, [{ file, content: pending }]);
  expect(brief(verdicts)).toContain('not verifiable type $.response.body.a');
  expect(verdicts.filter(({ result }) => result !== 'holds')).toMatchObject([
    { excused: 'pending', sentence: expect.stringMatching(/^The interaction is pending\. /) },
  ]);
});
