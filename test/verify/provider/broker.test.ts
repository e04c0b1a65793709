// A broker that speaks as much of the Pact Broker's API as Pact's verifier asks for.
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseObject } from '../../../src/util/json.ts';
import { openProvider } from '../../../src/verify/provider/open-provider.ts';
import { verifyBroker, type Broker } from '../../../src/verify/provider/verify-broker.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import { shareVerifier } from '../../support/shared-verifier.ts';
import { brief, contractOf, environment, json, jsonBody, serve, type RunningProvider, type Seen } from './support.ts';

shareVerifier();

interface Says {
  status?: number;
  contracts?: boolean;
  pending?: boolean;
}

function serveBroker({ status, contracts = true, pending = false }: Says = {}): Promise<RunningProvider> {
  return serve(({ path, headers }: Seen, response: ServerResponse) => {
    const url = `http://${headers.host}`;
    const link = (place: string): { href: string } => ({ href: `${url}${place}` });
    if (status !== undefined) return json(response, status, {});
    switch (path) {
      case '/':
        return json(response, 200, {
          _links: {
            self: link(path),
            'pb:provider-pacts-for-verification': { ...link('/for/{provider}'), templated: true },
          },
        });
      case '/for/things': {
        const pact = {
          shortDescription: 'latest',
          verificationProperties: { pending, notices: [] },
          _links: { self: { ...link('/pact'), name: 'Pact between some consumer and things' } },
        };
        return json(response, 200, { _embedded: { pacts: contracts ? [pact] : [] }, _links: { self: link(path) } });
      }
      case '/pact': {
        const { content } = contractOf({
          states: [{ name: 'there are things' }],
          response: { body: jsonBody({ 'the name': 'x' }) },
        });
        const provider = { name: 'things' };
        return json(response, 200, {
          ...Object(content),
          provider,
          _links: {
            self: link(path),
            'pb:provider': link('/providers/things'),
            'pb:publish-verification-results': link('/results'),
          },
        });
      }
      case '/providers/things':
        return json(response, 200, {
          _links: {
            self: link(path),
            'pb:branch-version': { ...link('/branches/{branch}/{version}'), templated: true },
          },
        });
      default:
        return json(response, 201, { _links: { self: link(path) } });
    }
  });
}

let provider: RunningProvider;
let answer: unknown;
let status: number;
beforeEach(async () => {
  [answer, status] = [{ 'the name': 'x' }, 200];
  provider = await serve((_request, response) => {
    if (status === 0) response.destroy();
    else json(response, status, answer);
  });
});
afterEach(async () => {
  await provider[Symbol.asyncDispose]();
});

async function verify({ url }: RunningProvider, more: Partial<Broker> = {}, stateStatus = 200): Promise<Verdict[]> {
  await using states = await serve((_request, response) => json(response, stateStatus, {}));
  const opened = await openProvider({ url: provider.url, states: states.url });
  const broker = { url, provider: 'things', ...more };
  return await verifyBroker({ provider: opened, broker, environment: { PACT_BROKER_TOKEN: 'a-broker-token' } });
}

describe("a broker's contracts", () => {
  test('are chosen by selectors, fetched with the token of the environment, and played', async () => {
    await using broker = await serveBroker();
    const selectors = [{ mainBranch: true }, { consumer: 'some consumer', latest: true }];
    const verdicts = await verify(broker, { selectors, enablePending: true, providerBranch: 'main' });
    expect(verdicts).toMatchObject([
      {
        result: 'holds',
        contract: 'some consumer and things at the broker',
        interaction: 'a request, given there are things',
      },
    ]);
    const asked = broker.seen.find(({ method }) => method === 'POST');
    expect(parseObject(asked?.body ?? '')).toMatchObject({
      consumerVersionSelectors: selectors,
      includePendingStatus: true,
      providerVersionBranch: 'main',
    });
    expect(new Set(broker.seen.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer a-broker-token']),
    );
    expect(broker.seen.map(({ path }) => path)).not.toContain('/results');
  });

  test('that are broken are reported by place, and published under the version and branch', async () => {
    await using broker = await serveBroker();
    answer = { 'the name': 1 };
    const publish = { providerVersion: '1.2.3', buildUrl: 'https://ci.example/1' };
    const verdicts = await verify(broker, { publish, providerBranch: 'main' });
    expect(brief(verdicts)).toEqual(["broken type $.response.body['the name']"]);
    expect(broker.seen.map(({ method, path }) => `${method} ${path}`)).toContain('PUT /branches/main/1.2.3');
    const published = broker.seen.find(({ path }) => path === '/results');
    expect(parseObject(published?.body ?? '')).toMatchObject({
      success: false,
      providerApplicationVersion: '1.2.3',
      buildUrl: 'https://ci.example/1',
    });
  });

  test('that are pending break nothing, and are no success', async () => {
    await using broker = await serveBroker({ pending: true });
    answer = {};
    const verdicts = await verify(broker, { enablePending: true });
    expect(brief(verdicts)).toEqual(["not verifiable required $.response.body['the name']"]);
  });

  test('are broken by a provider that fails, and not by one that does not answer', async () => {
    await using broker = await serveBroker();
    status = 503;
    expect(brief(await verify(broker))).toEqual(['broken status $.response.status']);
    status = 0;
    expect(brief(await verify(broker))).toEqual(['unanswered answer']);
  });

  test('are broken where the provider refuses a state', async () => {
    await using broker = await serveBroker();
    const verdicts = await verify(broker, {}, 422);
    expect(verdicts).toMatchObject([{ result: 'broken', rule: 'state', sentence: expect.stringContaining('422') }]);
  });

  test.each([
    ['refuses the token', { status: 401 }, /it answers 401/],
    ['is something else', { status: 200 }, /does not answer as a Pact broker does/],
    ['has none', { contracts: false }, /no contract that the selectors match/],
  ])('are missing where the broker %s', async (_name, says, words) => {
    await using broker = await serveBroker(says);
    await expect(verify(broker)).rejects.toThrow(words);
  });

  test('are missing where there is no broker', async () => {
    const gone = await serveBroker();
    await gone[Symbol.asyncDispose]();
    await expect(verify(gone)).rejects.toThrow(/it does not answer/);
  });

  test('are not played to a live provider', async () => {
    await using broker = await serveBroker();
    const live = await openProvider({
      url: provider.url,
      environment: { ...environment, ARZAMED_TOKEN_URL: `${provider.url}/token` },
    });
    const verified = verifyBroker({ provider: live, broker: { url: broker.url, provider: 'things' } });
    await expect(verified).rejects.toThrow(/cannot be played to a live provider/);
    expect(broker.seen).toEqual([]);
  });
});
