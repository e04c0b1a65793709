// More than ten thousand requests over raw sockets; most of them no decent client sends. The seeds are fixed, so that
// each run sends the same; a failure shows the bytes, with {names} in the place of tokens.
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { readApi, type Api } from '../../src/openapi/api.ts';
import { valueAt } from '../../src/util/json.ts';
import { follow } from '../../src/openapi/look-up.ts';
import { messageOf } from '../../src/util/errors.ts';
import { cut, refused, served, struck, type Trial } from '../support/hostile-http.ts';
import { afterFaults, controlDraft, apiDraft } from '../support/hostile-requests.ts';
import { bearerOf } from '../support/http.ts';
import { escapeBytes, exchangeBytes, parseAnswers, type RawAnswer } from '../support/raw-http.ts';
import { startUsualMock } from '../support/usual-mock.ts';
import { isLong, runs } from '../support/runs.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const deadline = 5000;
const atOnce = 32;

let mock: Mock;
let tokens: Record<string, string>;
beforeEach(async () => {
  mock = await startUsualMock({ sleep: () => Promise.resolve() });
  tokens = await makeTokens();
});
afterEach(() => mock.close());

async function makeTokens(): Promise<Record<string, string>> {
  const good = (await bearerOf(mock, 'bianchi', { scope })).slice('Bearer '.length);
  const revoked = (await bearerOf(mock, 'bianchi', { scope, status: 'revoked' })).slice('Bearer '.length);
  const [header = '', payload = '', signature = ''] = good.split('.');
  return {
    good,
    revoked,
    tampered: [header, Buffer.from('{"client_id":"ricci-backend"}').toString('base64url'), signature].join('.'),
    unsigned: [Buffer.from('{"alg":"none"}').toString('base64url'), payload, ''].join('.'),
  };
}

/** Statuses that HTTP itself knows for requests that are wrong, whatever the operation. */
const httpLevel = new Set([400, 404, 405, 406, 408, 413, 414, 415, 417, 431]);

/** What was sent to a mock, and what came of it. */
class Run {
  readonly statuses = new Map<number, number>();
  requests = 0;
  readonly failures: string[] = [];
  readonly #api: Api;
  readonly #trials: readonly Trial[];
  readonly #check: () => Promise<void>;

  constructor(api: Api, trials: readonly Trial[], check: () => Promise<void>) {
    this.#api = api;
    this.#trials = trials;
    this.#check = check;
  }

  /** Sends everything, some at a time; now and then nothing is under way, and the mock has to serve as ever. */
  async all(): Promise<void> {
    const trials = this.#trials.values();
    for (let until = 500; ; until += 500) {
      const rest = await Promise.all(Array.from({ length: atOnce }, () => this.#some(trials, until)));
      await this.#check();
      if (rest.every(({ done }) => done)) break;
    }
    if (this.failures.length > 0)
      throw new Error(`${this.failures.length} failed.\n${this.failures.slice(0, 3).join('\n')}`);
  }

  async #some(trials: Iterator<Trial>, until: number): Promise<{ done: boolean }> {
    while (this.requests < until) {
      const next = trials.next();
      if (next.done) return { done: true };
      this.requests += next.value.requests.length;
      await this.#one(next.value);
    }
    return { done: false };
  }

  async #one(trial: Trial): Promise<void> {
    const { kind, requests } = trial;
    const bytes = trial.bytes.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => tokens[name] ?? placeholder);
    const port = Number(new URL(mock.url).port);
    const sent = Buffer.from(bytes, 'latin1');
    const { received, closedByServer } = await exchangeBytes(port, sent, { halfClose: kind === 'cut', deadline });
    try {
      if (!closedByServer) throw new Error(`The connection was still open after ${deadline} ms.`);
      if (kind === 'struck') {
        if (received.toString('latin1').startsWith('HTTP/1.1 5')) throw new Error('The status is 5xx.');
        return;
      }
      const answers = parseAnswers(
        received,
        // Who refuses a malformed request cannot know that it was to be a HEAD.
        requests.map(({ method }, index) => (kind === 'refused' && index === requests.length - 1 ? 'GET' : method)),
      );
      for (const { status } of answers) this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      checkRow(trial, answers);
      for (const [index, answer] of answers.entries()) {
        const ours = kind === 'served' || (kind === 'refused' && index < requests.length - 1);
        const operationId = ours ? requests[index]?.operationId : undefined;
        checkAnswer(this.#api, operationId, answer);
      }
    } catch (error) {
      const shown = `Sent (${kind}): '${escapeBytes(trial.bytes)}'\nReceived: '${escapeBytes(received)}'`;
      this.failures.push(`${messageOf(error)}\n${shown}`);
    }
  }
}

/** Each request of a row has an answer, in order, up to one after which the connection ends. */
function checkRow({ kind, requests }: Trial, answers: RawAnswer[]): void {
  if (answers.length > requests.length && kind !== 'cut') throw new Error('There are more answers than requests.');
  const last = answers.at(-1);
  const ended = last?.headers.get('connection') === 'close';
  if (kind === 'served' && !(last && ended)) throw new Error('A request has no answer.');
  // A malformed request may be answered by nothing but the end; one that is understood must not be.
  if (
    kind === 'refused' &&
    answers.length === requests.length &&
    !(last && ended && last.status < 500 && last.status >= 400)
  )
    throw new Error('A malformed request was not refused.');
}

function checkAnswer(api: Api, operationId: string | undefined, { status, headers, body }: RawAnswer): void {
  if (status >= 500) throw new Error(`The status is ${status}.`);
  const type = headers.get('content-type') ?? '';
  const isJson = /^application\/(.+\+)?json\b/i.test(type);
  const value: unknown =
    isJson && body.length > 0 ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) : undefined;
  const operation = api.operations.find(({ id }) => id === operationId);
  if (!operation) return;
  const documented = operation.statuses.find((each) => each === String(status) || each === `${String(status)[0]}XX`);
  if (documented === undefined) {
    if (!httpLevel.has(status)) throw new Error(`${operation.id} does not document ${status}.`);
    return;
  }
  const steps = follow(api.document, ['paths', operation.path, operation.method, 'responses', documented, 'content']);
  if (valueAt(api.document, steps) === undefined) return;
  // Node says these before the mock sees the request.
  if (type === '' && (status === 417 || status === 431)) return;
  if (!isJson) throw new Error(`The answer to ${operation.id} with ${status} is no JSON but "${type}".`);
  const [violation] = api.schemas.check(follow(api.document, [...steps, 'application/json', 'schema']), value);
  if (violation) throw new Error(`${operation.id}, ${status}: ${violation.path} should be ${violation.expected}.`);
}

/** A right request gets its right answer. */
async function expectServes(): Promise<void> {
  const response = await fetch(`${mock.baseUrl}/equipe/doctors`, {
    headers: { Authorization: await bearerOf(mock, 'bianchi', { scope }) },
  });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Marco Bianchi')]);
}

test('whatever bytes a client sends, it is answered by the specification or refused by HTTP, and the mock goes on', async () => {
  const trial = fc.oneof(
    { weight: 6, arbitrary: served(apiDraft) },
    { weight: 2, arbitrary: refused(apiDraft) },
    { weight: 2, arbitrary: cut(apiDraft) },
  );
  const run = new Run(
    await readApi('openapi/arzamed.yaml'),
    fc.sample(trial, { seed: 4010, numRuns: runs(200, 2900) }),
    expectServes,
  );
  await run.all();
  expect(run.requests).toBeGreaterThan(runs(600, 10_000));
  expect([...run.statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404, 405, 406, 413, 417, 431]));
}, 60_000);

test('whatever the control API is told, it does it or says why not, and the mock goes on', async () => {
  const trial = fc.oneof(
    { weight: 6, arbitrary: served(controlDraft) },
    { weight: 1, arbitrary: cut(controlDraft) },
    { weight: 8, arbitrary: struck(afterFaults) },
  );
  const trials = fc.sample(trial, { seed: 4019, numRuns: runs(150, 1000) });
  const run = new Run(await readApi('openapi/control.yaml'), trials, async () => {
    mock.reset();
    await expectServes();
  });
  await run.all();
  expect(run.requests).toBeGreaterThan(runs(300, 2000));
  // A key that is there already (409) is drawn seldom.
  const drawn = [200, 201, 204, 400, 404, 415, 422, ...(isLong ? [409] : [])];
  expect([...run.statuses.keys()]).toEqual(expect.arrayContaining(drawn));
}, 60_000);
