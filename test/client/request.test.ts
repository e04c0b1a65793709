import { describe, expect, test } from '@jest/globals';
import type { OperationRow } from '../../src/client/types.ts';
import { buildRequest } from '../../src/client/request.ts';

const row: OperationRow = { method: 'POST', path: '/sailings/{sailingId}/bookings', scopes: null, answers: {} };

describe('the request of an operation', () => {
  test('has its parameters in their places', () => {
    const input = {
      path: { sailingId: 'a/b c' },
      query: { deck: ['car', 'foot'], limit: 5, from: undefined },
      header: { 'X-Trace': '7' },
    };
    const { url, init } = buildRequest('https://api.invalid/v2', { ...row, method: 'GET' }, input);
    expect(url).toBe('https://api.invalid/v2/sailings/a%2Fb%20c/bookings?deck=car&deck=foot&limit=5');
    expect(init.method).toBe('GET');
    expect(init.headers['x-trace']).toBe('7');
    expect(init.body).toBeUndefined();
  });

  test.each([[''], ['.'], ['..'], [undefined], [null]])(
    'is not sent where a parameter would lead to another path: %j',
    (sailingId) => {
      expect(() => buildRequest('https://api.invalid', row, { path: { sailingId } })).toThrow(
        expect.objectContaining({
          code: 'invalid_option',
          option: 'sailingId',
          message: 'The parameter sailingId is missing or only dots.',
        }),
      );
    },
  );

  test.each(['a.', '...', '.a', '0'])('is sent where a parameter only looks like it: %j', (sailingId) => {
    expect(buildRequest('https://api.invalid', row, { path: { sailingId } }).url).toBe(
      `https://api.invalid/sailings/${sailingId}/bookings`,
    );
  });

  test('has a JSON body where the operation takes JSON', () => {
    const { init } = buildRequest('https://api.invalid', row, { path: { sailingId: 1 }, body: { passengers: 2 } });
    expect(init.headers['content-type']).toBe('application/json');
    expect(init.body).toBe('{"passengers":2}');
  });

  test('has a form where the operation takes a form', () => {
    const taking = { ...row, type: 'application/x-www-form-urlencoded' };
    const { init } = buildRequest('https://api.invalid', taking, {
      path: { sailingId: 1 },
      body: { a: 'b c', d: null },
    });
    expect(init.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(init.body).toBe('a=b+c');
  });
});
