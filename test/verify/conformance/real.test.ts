// A live provider: it is only read, within a budget, and nothing that it answers is repeated.
import { describe, expect, test } from '@jest/globals';
import { checkConformance } from '../../../src/verify/conformance/check-conformance.ts';
import { openProvider, type ProviderOptions } from '../../../src/verify/provider/open-provider.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import { readApi } from '../../../src/openapi/api.ts';
import type { RunningProvider } from '../provider/support.ts';
import { serveThings } from './things.ts';

const api = await readApi('test/verify/conformance/things.yaml');

async function check({ url }: RunningProvider, options: Partial<ProviderOptions> = {}): Promise<Verdict[]> {
  const environment = {
    ARZAMED_TOKEN_URL: `${url}/token`,
    ARZAMED_CLIENT_ID: 'client',
    ARZAMED_CLIENT_SECRET: 'secret',
  };
  const provider = await openProvider({ url: `${url}/v1`, api, environment, timeout: 3000, ...options });
  return checkConformance({ provider, api });
}

const brief = (verdicts: readonly Verdict[]): string[] =>
  verdicts
    .filter(({ result }) => result !== 'holds')
    .map(({ result, operation, rule }) => `${result}: ${operation} ${rule}`);

describe('a live provider', () => {
  test('is only read, and asked for tokens', async () => {
    await using server = await serveThings();
    const verdicts = await check(server);
    const sent = new Set(server.seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`));
    expect(sent).toEqual(new Set(['GET /v1/things', 'POST /token', 'GET /token']));
    expect(brief(verdicts)).toEqual([
      'not verifiable: POST /things read-only',
      'not verifiable: GET /things expired token',
      'not verifiable: GET /things method',
    ]);
  });

  test('never gets the real client with a wrong secret, which may lock it', async () => {
    await using server = await serveThings();
    await check(server);
    const clients = server.seen.map(({ headers }) => /^Basic (.*)/.exec(headers.authorization ?? '')?.[1]);
    const names = clients.flatMap((text) => (text === undefined ? [] : [Buffer.from(text, 'base64').toString()]));
    expect(new Set(names)).toEqual(new Set(['client:secret', 'arzamed-devkit-nobody:not-a-secret']));
  });

  test('gets no more requests than the budget allows, and the rest is no success', async () => {
    await using server = await serveThings();
    const verdicts = await check(server, { budget: 8 });
    // The first one was for its health.
    expect(server.seen).toHaveLength(7);
    expect(brief(verdicts)).toContain('not verifiable: GET /things budget');
  });

  test('is not repeated in what is said of it', async () => {
    const wrong = [
      { things: [{ name: 1, 'CANARY key': 'CANARY' }] },
      { things: { 'CANARY key': [{ name: 'CANARY' }] } },
      { things: 'CANARY', total: 'CANARY', type: 'application/json; CANARY' },
      { type: 'CANARY/CANARY' },
      { refusal: { CANARY: 'CANARY' }, tokenHeaders: { 'Cache-Control': 'CANARY' } },
    ];
    for (const quirks of wrong) {
      await using server = await serveThings(quirks);
      const verdicts = await check(server);
      expect(verdicts.some(({ result }) => result === 'broken')).toBe(true);
      expect(JSON.stringify(verdicts)).not.toMatch(/CANARY|secret|header\./);
    }
  });
});

describe('a provider that does not work just now', () => {
  test.each([
    ['503', { status: 503 }],
    ['a web page', { type: 'text/html', text: '<p>Maintenance</p>' }],
  ])('answers %s', async (_name, quirks) => {
    await using server = await serveThings(quirks);
    expect(brief(await check(server))).toContain('unanswered: GET /things answer');
  });

  test('is not there', async () => {
    const server = await serveThings();
    await server[Symbol.asyncDispose]();
    expect(brief(await check(server))).toEqual([
      'unanswered: POST /token answer',
      'unanswered: GET /things answer',
      'unanswered: POST /things answer',
    ]);
  });

  test('was never seen to answer with success, which is no success either', async () => {
    await using server = await serveThings({ refusesWith: 400, takesNoTenant: true, status: 401 });
    expect(brief(await check(server))).toContain('not verifiable: GET /things success');
  });
});
