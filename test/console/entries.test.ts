import { describe, expect, test } from '@jest/globals';
import { curlOf, everything, harOf, matches, Narrowed, type Journaled } from '../../src/console/entries.ts';

const url = 'http://127.0.0.1:4010';

function entry(given: Partial<Journaled> = {}): Journaled {
  return {
    id: 1,
    time: '2026-01-01T10:00:00.000Z',
    method: 'GET',
    path: '/items',
    milliseconds: 5,
    status: 200,
    ...given,
  };
}

describe('a request as curl', () => {
  test('has variables of the shell in the place of credentials', () => {
    expect(curlOf(url, entry({ authentication: 'bearer' }))).toBe(
      'curl -sS http://127.0.0.1:4010/items -H "Authorization: Bearer $TOKEN"',
    );
    expect(curlOf(url, entry({ method: 'POST', authentication: 'basic' }))).toContain('-u "$CLIENT_ID:$CLIENT_SECRET"');
  });

  test('quotes what a shell would run', () => {
    const request = {
      query: { q: ["'$(id)"] },
      headers: { 'x-a': "it's `id`", authorization: '[secret]' },
      body: "a'b",
    };
    const command = curlOf(url, entry({ method: 'POST', path: '/$(id)', request }));
    expect(command).toContain("'http://127.0.0.1:4010/$(id)?q=%27%24%28id%29'");
    expect(command).toContain(String.raw`-H 'x-a: it'\''s ` + "`id`'");
    expect(command).toContain(String.raw`--data-raw 'a'\''b'`);
    expect(command).not.toContain('[secret]');
  });
});

describe('the filters', () => {
  const refused = entry({ status: 403, reason: 'revoked_key', clinic: 'nuovo', clientId: 'nuovo-backend', id: 7 });

  test.each([
    [{ text: 'REVOKED' }, true],
    [{ text: 'other' }, false],
    [{ status: '4xx' }, true],
    [{ status: 'refused' }, true],
    [{ status: '401' }, false],
    [{ clinic: 'nuovo', clientId: 'nuovo-backend' }, true],
    [{ operationId: 'listItems' }, false],
  ])('%j', (wanted, expected) => {
    expect(matches(refused, { ...everything, ...wanted })).toBe(expected);
  });

  test('look at each entry once, and at all again when the journal is another one', () => {
    const narrowed = new Narrowed();
    const wanted = { ...everything, status: '4xx' };
    const entries = [entry(), refused];
    expect(narrowed.of(entries, 1, wanted)).toEqual([refused]);
    const later = entry({ id: 8, status: 404 });
    entries.push(later);
    expect(narrowed.of(entries, 1, wanted)).toEqual([refused, later]);
    expect(narrowed.of([later], 2, wanted)).toEqual([later]);
  });
});

test('HAR has what the journal knows', () => {
  const request = { query: { page: ['2'] }, headers: { accept: '*/*' } };
  expect(harOf(url, [entry({ status: 503, retryAfter: 2, fault: 'fault-1', request })])).toMatchObject({
    log: {
      version: '1.2',
      entries: [
        {
          startedDateTime: '2026-01-01T09:59:59.995Z',
          request: { method: 'GET', url: `${url}/items?page=2`, headers: [{ name: 'accept', value: '*/*' }] },
          response: { status: 503, headers: [{ name: 'Retry-After', value: '2' }] },
          comment: 'fault-1',
        },
      ],
    },
  });
});
