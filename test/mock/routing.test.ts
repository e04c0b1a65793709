import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bodyOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(() => mock.close());

describe('an unknown path', () => {
  test('is answered with 404 and the operations that exist', async () => {
    const response = await fetch(`${mock.baseUrl}/patients`);
    expect(response.status).toBe(404);
    expect(await bodyOf(response)).toEqual({
      message: 'No operation of the specification has the path /api/v1/patients.',
      operations: expect.arrayContaining([
        expect.objectContaining({ operationId: 'requestToken', method: 'POST', path: '/auth/{clinic}/oauth2/token' }),
        expect.objectContaining({ operationId: 'listDoctors', method: 'GET', path: '/api/v1/equipe/doctors' }),
      ]),
    });
  });

  test.each(['/api/v1/equipe/42/doctors', '/api/v1/42/equipe/doctors', '/api/v1/equipe/doctors/42'])(
    'with an id of the clinic in it gets a hint that the clinic comes from the token: %s',
    async (path) => {
      const { hint } = await bodyOf(await fetch(mock.url + path));
      expect(hint).toBe(
        'Remove "42": /api/v1/equipe/doctors. Paths have no clinic id; the bearer token identifies the clinic.',
      );
    },
  );

  test("without the server's path gets a hint", async () => {
    const { hint } = await bodyOf(await fetch(`${mock.url}/equipe/doctors`));
    expect(hint).toBe("The path lacks the server's path /api/v1: /api/v1/equipe/doctors");
  });

  test('with a slash too many gets a hint', async () => {
    const { hint } = await bodyOf(await fetch(`${mock.baseUrl}/equipe/doctors/`));
    expect(hint).toBe('Remove the trailing slash: /api/v1/equipe/doctors');
  });

  test('with a broken percent escape is only unknown', async () => {
    expect((await fetch(`${mock.baseUrl}/%zz`)).status).toBe(404);
  });

  test('of the control API is answered with 404', async () => {
    expect((await fetch(`${mock.url}/_mock/nothing`)).status).toBe(404);
  });
});

describe('a method that a path does not have', () => {
  test.each([
    ['POST', '/api/v1/equipe/doctors', 'GET'],
    ['HEAD', '/auth/bianchi/oauth2/token', 'POST'],
    ['GET', '/auth/bianchi/oauth2/token', 'POST'],
  ])('is answered with 405 and Allow: %s %s', async (method, path, allow) => {
    const response = await fetch(mock.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
  });

  test('says which operations the path has', async () => {
    const response = await fetch(`${mock.baseUrl}/equipe/doctors`, { method: 'DELETE' });
    expect(await bodyOf(response)).toEqual({
      message: '/api/v1/equipe/doctors does not take DELETE, only GET.',
      operations: [expect.objectContaining({ operationId: 'listDoctors' })],
    });
  });
});
