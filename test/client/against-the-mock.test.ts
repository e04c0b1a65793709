// As a user of the toolkit tests an integration: the mock in the same process, its clock, its keys and its faults.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient, type Client, type ClientEvent } from '../../src/client/index.ts';
import type { Mock } from '../../src/mock/index.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
let client: Client;
let events: ClientEvent[];
let waits: number[];

beforeEach(async () => {
  mock = await startUsualMock();
  const clinic = mock.clinics.find((each) => each.clinic === 'bianchi');
  const key = clinic?.keys.find(({ clientId }) => clientId === 'bianchi-backend');
  events = [];
  waits = [];
  client = createClient({
    tokenUrl: clinic?.tokenUrl ?? '',
    clientId: key?.clientId ?? '',
    clientSecret: key?.clientSecret ?? '',
    baseUrl: mock.baseUrl,
    now: () => mock.clock.now(),
    random: () => 1,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    onEvent: (event) => events.push(event),
  });
});
afterEach(() => mock.close());

const renewals = (): number => events.filter(({ type }) => type === 'token_renewed').length;

test('a call gives the documented body, typed', async () => {
  const doctors = await client.listDoctors();
  expect(doctors.map(({ name, profileImage }) => [name, profileImage])).toContainEqual(['Dr. Sofia Ricci', null]);
});

test('an hour later the client renews its token by itself', async () => {
  await client.listDoctors();
  mock.clock.advance({ hours: 1 });
  expect(await client.listDoctors()).toHaveLength(3);
  expect(renewals()).toBe(2);
});

test('a token that ends before the endpoint said so is renewed once', async () => {
  mock.faults.add({ operationId: 'requestToken', expiresIn: 86_400, count: 1 });
  await client.listDoctors();
  mock.clock.advance({ hours: 2 });
  expect(await client.listDoctors()).toHaveLength(3);
  expect([renewals(), waits]).toEqual([2, []]);
});

test('a revoked key is told as forbidden, and nothing is tried again', async () => {
  await client.listDoctors();
  mock.keys.revoke('bianchi-backend');
  await expect(client.listDoctors()).rejects.toMatchObject({ code: 'forbidden', upstreamStatus: 403 });
  expect([renewals(), waits]).toEqual([1, []]);
});

test('two 503s are got over after two waits; the second may be longer', async () => {
  mock.faults.add({ operationId: 'listDoctors', status: 503, count: 2 });
  expect(await client.listDoctors()).toHaveLength(3);
  expect(waits).toEqual([500, 1000]);
});

test('a 429 is waited out as long as it says', async () => {
  mock.faults.add({ operationId: 'listDoctors', status: 429, headers: { 'Retry-After': '5' }, count: 1 });
  expect(await client.listDoctors()).toHaveLength(3);
  expect(waits).toEqual([5000]);
});

test.each(['reset', 'close', 'truncate', 'garbage'] as const)(
  'a connection that fails is got over: %s',
  async (delivery) => {
    mock.faults.add({ operationId: 'listDoctors', delivery, count: 1 });
    expect(await client.listDoctors()).toHaveLength(3);
    expect(waits).toEqual([500]);
  },
);

test('a token endpoint that fails twice is got over', async () => {
  mock.faults.add({ operationId: 'requestToken', status: 503, count: 2 });
  expect(await client.listDoctors()).toHaveLength(3);
  expect(waits).toEqual([500, 1000]);
});

test('a token endpoint that is down does not matter while the token lasts', async () => {
  await client.listDoctors();
  mock.faults.add({ operationId: 'requestToken', status: 503 });
  mock.clock.advance({ minutes: 57 });
  expect(await client.listDoctors()).toHaveLength(3);
});

test('a login page on the way is not followed', async () => {
  mock.faults.add({ operationId: 'listDoctors', status: 302, headers: { Location: 'https://login.invalid/' } });
  await expect(client.listDoctors()).rejects.toMatchObject({ code: 'unexpected_response', upstreamStatus: 302 });
});

test('ten thousand calls at once take one token request', async () => {
  const { tokenUrl, keys } = mock.clinics.find((each) => each.clinic === 'nuovo') ?? { tokenUrl: '', keys: [] };
  const [key] = keys;
  const answers = createClient({
    tokenUrl,
    clientId: key?.clientId ?? '',
    clientSecret: key?.clientSecret ?? '',
    baseUrl: mock.baseUrl,
    fetch: async (url, init) => (url === tokenUrl ? fetch(url, init) : Response.json([])),
  });
  await Promise.all(Array.from({ length: 10_000 }, () => answers.listDoctors()));
  expect(mock.journal.find({ operationId: 'requestToken' })).toHaveLength(1);
});
