// The methods of a mock and its control API are two ways to the same: what the one refuses the other refuses, in the same
// words. `openapi/control.yaml` says what.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ControlOperationId } from '../../src/control/index.ts';
import { ControlError, type Mock } from '../../src/mock/index.ts';
import { bodyOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterEach(() => {
  mock.reset();
  for (const { id } of mock.sandboxes.list()) mock.sandboxes.end(id ?? '');
});
afterAll(() => mock.close());

/** The same mistake, by HTTP and by a method. */
interface Mistake {
  name: string;
  method: string;
  path: string;
  body?: unknown;
  call: () => unknown;
}

/** Calls a method as a program without types can. */
function apply(holder: object, method: string, ...values: unknown[]): unknown {
  const found: unknown = Reflect.get(holder, method);
  if (typeof found !== 'function') throw new Error(`There is no method ${method}.`);
  return Reflect.apply(found, holder, values);
}

/** Mistakes in a value that is the body of a request, and the argument of a method. */
function inBody(method: string, path: string, call: (value: unknown) => unknown, wrong: readonly unknown[]): Mistake[] {
  return wrong.map((body) => ({ name: JSON.stringify(body), method, path, body, call: () => call(body) }));
}

/** Names of what does not exist, in the path of a request. */
function inPath(method: string, path: string, call: () => unknown): Mistake[] {
  return [{ name: path, method, path, call }];
}

function inFilter(path: string, call: (filter: object) => unknown): Mistake[] {
  return [{ status: 99 }, { status: 2000 }, { after: -1 }, { after: 1.5 }, { operation: 'listDoctors' }].map(
    (filter) => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
      return {
        name: JSON.stringify(filter),
        method: 'GET',
        path: `${path}?${query.toString()}`,
        call: () => call(filter),
      };
    },
  );
}

const nothing: Mistake[] = [];

/** For each operation of the control API what is wrong to tell it, where its method can be told the same. */
const mistakes: Record<ControlOperationId | 'streamJournal', Mistake[]> = {
  getHealth: nothing,
  getSpecification: nothing,
  readAnswer: nothing,
  checkAnswer: nothing,
  reset: nothing,
  listCredentials: nothing,
  issueKey: inBody('POST', '/keys', (key) => apply(mock.keys, 'issue', key), [
    { clinic: 'nuovo', clientId: 'a:b' },
    { clinic: 'nuovo', clientId: '' },
    { clinic: 'nuovo', clientId: 'é' },
    { clinic: 'nuovo', clientId: 7 },
    { clinic: 'nuovo', clientSecret: '' },
    { clinic: 'nuovo', clientSecret: 'a\nb' },
    { clinic: 'nuovo', status: 'revoked' },
    { clinic: 'rossi' },
    { clinic: 'nuovo', clientId: 'ricci-backend' },
    {},
  ]),
  revokeKey: inPath('POST', '/keys/nobody/revoke', () => mock.keys.revoke('nobody')),
  expireKey: inPath('POST', '/keys/nobody/expire', () => mock.keys.expire('nobody')),
  restoreKey: inPath('POST', '/keys/nobody/restore', () => mock.keys.restore('nobody')),
  rotateSigningKeys: nothing,
  replaceAnswer: [
    ...inBody(
      'PUT',
      '/clinics/nuovo/answers/listDoctors',
      (value) => {
        const { body, ...options }: { body?: unknown } = { ...Object(value) };
        return apply(mock.answers, 'replace', 'nuovo', 'listDoctors', body, options);
      },
      [
        { body: [], unchecked: 'yes' },
        { body: [], additive: 1 },
        { body: [], check: false },
        { unchecked: true },
        { body: [{ name: 7, profileImage: null }] },
      ],
    ),
    {
      name: 'an unknown clinic',
      method: 'PUT',
      path: '/clinics/rossi/answers/listDoctors',
      body: { body: [] },
      call: () => mock.answers.replace('rossi', 'listDoctors', []),
    },
  ],
  restoreAnswer: inPath('DELETE', '/clinics/rossi/answers/listDoctors', () =>
    mock.answers.restore('rossi', 'listDoctors'),
  ),
  addFault: inBody('POST', '/faults', (fault) => apply(mock.faults, 'add', fault), [
    { status: 99 },
    { status: 600 },
    { status: 503.5 },
    { status: '503' },
    { stauts: 503 },
    { status: 503, probability: 7 },
    { status: 503, probability: -0.5 },
    { status: 503, count: -1 },
    { status: 503, count: 0 },
    { status: 503, count: 1.5 },
    { status: 503, seconds: 0 },
    { status: 503, seconds: -5 },
    { status: 503, operationId: 7 },
    { status: 503, operationId: 'listRooms' },
    { status: 503, clinic: 'rossi' },
    { status: 503, headers: { 'Retry-After': 5 } },
    { status: 503, headers: 'Retry-After: 5' },
    { status: 503, headers: { 'Retry After': '5' } },
    { status: 503, headers: { 'X-Broken': 'a\nb' } },
    { status: 401, example: 'x' },
    { delay: 3000 },
    { delay: { milliseconds: -1 } },
    { delay: { milliseconds: 600_001 } },
    { delay: { from: 1 } },
    { delay: { median: 5, sigma: 6 } },
    { delivery: 'explode' },
    { contentType: '' },
    { contentType: 'text/plain\n' },
    { expiresIn: true },
    { count: 1 },
    [],
  ]),
  listFaults: nothing,
  clearFaults: nothing,
  clearFault: inPath('DELETE', '/faults/fault-9', () => mock.faults.clear('fault-9')),
  readJournal: inFilter('/journal', (filter) => apply(mock.journal, 'find', filter)),
  countJournal: inFilter('/journal/count', (filter) => apply(mock.journal, 'count', filter)),
  streamJournal: inFilter('/journal/stream', (filter) => apply(mock.journal, 'follow', filter, { entry: () => {} })),
  clearJournal: nothing,
  listFindings: nothing,
  listExplanations: nothing,
  // Their methods answer later; test/mock/explanations.test.ts and scenarios.test.ts.
  explainEntry: nothing,
  listScenarios: nothing,
  startScenario: nothing,
  stopScenario: nothing,
  createSandbox: inBody('POST', '/sandboxes', (settings) => apply(mock.sandboxes, 'create', settings), [
    { seed: 1.5 },
    { seed: '1' },
    { errorStyle: 'xml' },
    { name: 'mine' },
  ]),
  listSandboxes: nothing,
  endSandbox: inPath('DELETE', '/sandboxes/nope', () => mock.sandboxes.end('nope')),
  getClock: nothing,
  setClock: inBody('PUT', '/clock', (time) => mock.clock.set(new Date(String(Reflect.get(Object(time), 'now')))), [
    { now: '1969-12-31T23:59:59Z' },
  ]),
  resetClock: nothing,
  advanceClock: inBody('POST', '/clock/advance', (duration) => apply(mock.clock, 'advance', duration), [
    {},
    { weeks: 1 },
    { hours: '1' },
    { seconds: 1e13 },
    { days: -1e13 },
    { days: 1e12 },
  ]),
  // No method takes on a provider state.
  changeProviderState: nothing,
};

const rows = Object.entries(mistakes).flatMap(([id, each]) =>
  each.map((mistake): [string, string, Mistake] => [id, mistake.name, mistake]),
);

/** The status by HTTP of each code of a `ControlError`. */
const statuses = { bad_request: 400, not_found: 404, conflict: 409, invalid: 422, too_many: 429 };

/** How a method refuses, as HTTP would say it. */
function refusalOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error instanceof ControlError ? { status: statuses[error.code], message: error.message } : error;
  }
  return 'It was accepted.';
}

describe('a method refuses what HTTP refuses, in the same words', () => {
  test.each(rows)('%s %s', async (_id, _name, { method, path, body, call }) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${mock.url}/_mock${path}`, { method, ...init });
    const refusal = { status: response.status, message: (await bodyOf(response))['message'] };
    expect(Object.values(statuses)).toContain(refusal.status);
    expect(refusalOf(call)).toEqual(refusal);
  });
});

describe('a number that JSON cannot say is refused by a method', () => {
  test.each<[string, (value: number) => unknown, string]>([
    ['faults.add status', (status) => mock.faults.add({ status }), '$.status'],
    ['faults.add count', (count) => mock.faults.add({ status: 503, count }), '$.count'],
    ['faults.add probability', (probability) => mock.faults.add({ status: 503, probability }), '$.probability'],
    ['faults.add seconds', (seconds) => mock.faults.add({ status: 503, seconds }), '$.seconds'],
    ['faults.add delay', (milliseconds) => mock.faults.add({ delay: { milliseconds } }), '$.delay'],
    ['faults.add expiresIn', (expiresIn) => mock.faults.add({ expiresIn }), '$.expiresIn'],
    ['sandboxes.create seed', (seed) => mock.sandboxes.create({ seed }), '$.seed'],
    ['clock.advance', (hours) => mock.clock.advance({ hours }), '$.hours'],
  ])('%s', (_name, act, place) => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      expect(refusalOf(() => act(value))).toEqual({
        status: 400,
        message: expect.stringContaining(`The request is invalid at ${place}`),
      });
    }
  });
});

describe('a refused call of a method changes nothing', () => {
  test('no fault is set, and the next answer is as ever', async () => {
    expect(refusalOf(() => mock.faults.add({ status: 99 }))).toMatchObject({ status: 400 });
    expect(mock.faults.list()).toEqual([]);
    expect((await fetch(`${mock.baseUrl}/equipe/doctors`)).status).toBe(401);
  });

  test('no key is issued', () => {
    expect(refusalOf(() => mock.keys.issue({ clinic: 'nuovo', clientId: 'a:b' }))).toMatchObject({ status: 400 });
    expect(mock.keys.list('nuovo').map(({ clientId }) => clientId)).toEqual(['nuovo-backend']);
  });

  test('no sandbox is made', () => {
    expect(refusalOf(() => mock.sandboxes.create({ seed: 1.5 }))).toMatchObject({ status: 400 });
    expect(mock.sandboxes.list()).toEqual([]);
  });

  test('the methods of a sandbox refuse the same', () => {
    const sandbox = mock.sandboxes.create();
    expect(refusalOf(() => sandbox.faults.add({ status: 99 }))).toMatchObject({ status: 400 });
    expect(sandbox.faults.list()).toEqual([]);
  });
});

describe('a method takes what HTTP cannot say but means no other', () => {
  test('what is undefined is as left out', () => {
    expect(mock.faults.add({ status: 503, count: undefined, clinic: undefined, delay: undefined })).toMatchObject({
      id: 'fault-1',
    });
    expect(mock.keys.issue({ clinic: 'nuovo', clientId: 'mine', clientSecret: undefined })).toMatchObject({
      clientId: 'mine',
    });
    expect(mock.sandboxes.create({ seed: undefined }).clinics).toHaveLength(5);
    expect(mock.journal.find({ status: undefined, clinic: undefined })).toEqual([]);
  });

  test('a date', () => {
    const expiresAt = new Date(mock.clock.now() + 1000);
    expect(mock.keys.issue({ clinic: 'nuovo', clientId: 'mine', expiresAt }).status).toBe('active');
    mock.clock.advance({ seconds: 1, hours: 0 });
    expect(mock.keys.list('nuovo')[1]).toMatchObject({ clientId: 'mine', status: 'expired' });
  });
});
