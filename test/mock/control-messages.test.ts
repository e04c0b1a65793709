// What the control API says to a request that names what does not exist, or that has no body.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bodyOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(() => mock.close());

async function messageOf(method: string, path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  return (await bodyOf(await fetch(`${mock.url}/_mock${path}`, { method, ...init })))['message'];
}

const clinics = 'There is no clinic rossi, only bianchi, nuovo, ricci, san-giorgio, senza-foto.';

describe('a name that does not exist is answered with those that do', () => {
  test.each([
    ['the clinic of a key', 'POST', '/keys', { clinic: 'rossi' }, clinics],
    ['the clinic of an answer', 'PUT', '/clinics/rossi/answers/listDoctors', { body: [] }, clinics],
    ['the clinic of an answer to restore', 'DELETE', '/clinics/rossi/answers/listDoctors', undefined, clinics],
    ['the clinic of a fault', 'POST', '/faults', { clinic: 'rossi', status: 503 }, clinics],
    [
      'the clinic of a provider state',
      'POST',
      '/provider-states',
      { state: 'a key', params: { clinic: 'rossi' } },
      clinics,
    ],
    [
      'the operation of an answer',
      'PUT',
      '/clinics/nuovo/answers/listRooms',
      { body: [] },
      'There is no operation listRooms that answers with a body, only listDoctors.',
    ],
    [
      'the operation of a fault',
      'POST',
      '/faults',
      { operationId: 'listRooms', status: 503 },
      'There is no operation listRooms, only requestToken, listDoctors.',
    ],
    [
      'a fault where there is none',
      'DELETE',
      '/faults/fault-9',
      undefined,
      'There is no fault fault-9: there are none.',
    ],
    [
      'a sandbox where there is none',
      'DELETE',
      '/sandboxes/nope',
      undefined,
      'There is no sandbox nope: there are none.',
    ],
  ])('%s', async (_name, method, path, body, message) => {
    expect(await messageOf(method, path, body)).toBe(message);
  });

  test('a fault, a sandbox, a key', async () => {
    await using busy = await startUsualMock();
    const { id } = busy.sandboxes.create();
    busy.faults.add({ status: 503 });
    const ask = async (method: string, path: string): Promise<unknown> =>
      (await bodyOf(await fetch(`${busy.url}/_mock${path}`, { method })))['message'];
    expect(await ask('DELETE', '/faults/fault-9')).toBe('There is no fault fault-9, only fault-1.');
    expect(await ask('DELETE', '/sandboxes/nope')).toBe(`There is no sandbox nope, only ${id}.`);
    expect(await ask('POST', '/keys/bianchi-backnd/revoke')).toMatch(
      /^There is no key bianchi-backnd, only bianchi-backend, bianchi-reporting, /,
    );
  });

  test('of very many, with the nearest alone', async () => {
    await using large = await startUsualMock();
    for (let made = 0; made < 50; made += 1) large.keys.issue({ clinic: 'nuovo', clientId: `key-${1000 + made}` });
    expect(() => large.keys.revoke('key-10299')).toThrow(/^There is no key key-10299; did you mean key-10[\d]+\?$/);
    expect(() => large.keys.revoke('zzzzzzzzzzzzzzzzzzzzz')).toThrow(/ and \d+ more\.$/);
  });
});

describe('an empty body is told from one that is no JSON', () => {
  test.each([
    ['PUT', '/clock', 'with now.'],
    ['POST', '/keys', 'with clinic, optionally clientId, clientSecret, expiresAt.'],
    ['POST', '/clock/advance', 'with any of days, hours, minutes, seconds, milliseconds.'],
  ])('%s %s', async (method, path, expected) => {
    expect(await messageOf(method, path, '')).toBe(
      `The body of the request is empty; expected a JSON object ${expected}`,
    );
  });

  test('and so is one that is no object', async () => {
    expect(await messageOf('PUT', '/clinics/nuovo/answers/listDoctors', [])).toBe(
      'The request is invalid at $: expected object, found []. It is an object with body, optionally unchecked, additive.',
    );
  });
});
