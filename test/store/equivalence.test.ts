import { expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { drawBelow, drawFrom, seededRandom } from '../../src/util/random.ts';
import { hasRedis, memoryStore, startRedis } from '../support/redis.ts';
import { startReplica } from '../support/replicas.ts';
import { runs } from '../support/runs.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const replicas = 3;

/** A program that uses a mock; the same steps for the same seed. */
class Program {
  readonly #random = seededRandom(25);
  readonly #tokens: string[] = [];
  readonly #urlOf: () => string;
  #root = '';

  constructor(urlOf: () => string) {
    this.#urlOf = urlOf;
  }

  /** Takes a step, and returns what can be compared of its answer. */
  async step(): Promise<string> {
    const random = this.#random;
    const clinic = drawFrom(random, ['bianchi', 'ricci', 'nowhere']) ?? '';
    const keys = await this.#keys(clinic);
    const key = drawFrom(random, keys) ?? { clientId: 'none', clientSecret: 'none' };
    const which = drawBelow(random, 20);
    if (which < 7)
      return this.#callApi(drawFrom(random, this.#tokens) ?? 'none', drawFrom(random, ['doctors', 'nothing']) ?? '');
    if (which < 10) return this.#askForToken(clinic, key);
    const minutes = drawBelow(random, 50);
    const count = 1 + drawBelow(random, 3);
    const status = drawFrom(random, [429, 503, 500]) ?? 503;
    const calls: (() => Promise<string>)[] = [
      () => this.#control('POST', `/keys/${key.clientId}/revoke`),
      () => this.#control('POST', `/keys/${key.clientId}/expire`),
      () => this.#control('POST', `/keys/${key.clientId}/restore`),
      () => this.#control('POST', '/clock/advance', { minutes }),
      () => this.#control('POST', '/faults', { status, count }),
      () => this.#control('POST', '/faults', { status, probability: 0.5, seconds: 60 + minutes }),
      () => this.#control('DELETE', '/faults'),
      () => this.#control('GET', '/faults'),
      () => this.#control('GET', '/journal/count'),
      () => this.#control('POST', '/keys', { clinic, clientId: `made-${count}`, clientSecret: 'made' }),
      () => this.#control('DELETE', '/journal'),
      () => this.#control('GET', '/journal'),
      () => this.#control('POST', '/signing-keys/rotate'),
      () => this.#control('POST', which === 10 && minutes > 40 ? '/reset' : '/nothing'),
      () => this.#enter(minutes > 25),
    ];
    return (drawFrom(random, calls) ?? calls[0])?.() ?? '';
  }

  async #send(path: string, init: RequestInit): Promise<{ status: number; text: string }> {
    const response = await fetch(this.#urlOf() + this.#root + path, init);
    return { status: response.status, text: await response.text() };
  }

  async #keys(clinic: string): Promise<{ clientId: string; clientSecret: string }[]> {
    const { text } = await this.#send('/_mock/credentials', {});
    const all: { clinic: string; keys: { clientId: string; clientSecret: string }[] }[] = JSON.parse(text);
    return all.find((each) => each.clinic === clinic)?.keys ?? [];
  }

  async #askForToken(clinic: string, key: { clientId: string; clientSecret: string }): Promise<string> {
    const basic = Buffer.from(`${key.clientId}:${key.clientSecret}`).toString('base64');
    const { status, text } = await this.#send(`/auth/${clinic}/oauth2/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    const token = /"access_token":"([^"]*)"/.exec(text)?.[1];
    if (token !== undefined) this.#tokens.unshift(token);
    this.#tokens.splice(4);
    return `token ${status} ${masked(text)}`;
  }

  async #callApi(token: string, path: string): Promise<string> {
    const headers = { Authorization: `Bearer ${token}` };
    const { status, text } = await this.#send(`/api/v1/equipe/${path}`, { headers });
    return `call ${status} ${masked(text)}`;
  }

  async #control(method: string, path: string, body?: object): Promise<string> {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const { status, text } = await this.#send(`/_mock${path}`, init);
    return `${method} ${path} ${status} ${masked(text)}`;
  }

  /** Goes on in a new sandbox, or back. */
  async #enter(isNew: boolean): Promise<string> {
    this.#root = '';
    if (!isNew) return 'back';
    const { status, text } = await this.#send('/_mock/sandboxes', { method: 'POST' });
    this.#root = `/s/${/"id":"([^"]*)"/.exec(text)?.[1] ?? ''}`;
    return `sandbox ${status}`;
  }
}

/** Without what is another each time. */
function masked(text: string): string {
  return text
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'UUID')
    .replaceAll(/"(time|now)":"[^"]*"/g, '"$1":"TIME"')
    .replaceAll(/"milliseconds":[\d.e-]+/g, '"milliseconds":0')
    .replaceAll(/"(kid|access_token)":"[^"]*"/g, '"$1":"X"')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'URL');
}

test('replicas behind a balancer answer as one process does, also while one stops and another starts', async () => {
  await using redis = hasRedis ? await startRedis() : undefined;
  const store = redis ? undefined : memoryStore();
  const start = (): Promise<Mock> => startReplica({ store: redis?.url, limits: { sandboxes: 50 } }, store);
  const alone = await startReplica({ limits: { sandboxes: 50 } });
  const all = [await start(), await start(), await start()];
  let turn = 0;
  const inTurn = (): string => all[(turn += 1) % all.length]?.url ?? '';
  const [expected, found] = [new Program(() => alone.url), new Program(inTurn)];
  try {
    const steps = runs(50, 2000);
    for (let step = 0; step < steps; step += 1) {
      if (step % 50 === 25) {
        await all.shift()?.close();
        all.push(await start());
      }
      expect({ step, answer: await found.step() }).toEqual({ step, answer: await expected.step() });
    }
    expect(all).toHaveLength(replicas);
  } finally {
    for (const each of [alone, ...all]) await each.close();
  }
}, 300_000);
