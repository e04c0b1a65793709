// Requests of all sorts, to compare two mocks that must answer alike.
import * as fc from 'fast-check';
import type { Mock } from '../../src/mock/index.ts';

/**
 * Something that is done to a mock, and what came of it.
 * @param tokens that the mock has given so far; it adds those that it gets.
 */
export type Step = (mock: Mock, tokens: string[]) => Promise<unknown>;

export const clients = ['bianchi-backend', 'bianchi-revoked', 'ricci-backend', 'nuovo-backend'];
export const doctors = '/equipe/doctors';
export const scope = 'https://api.nextgen.arzamed.com/read';

export const tokenRequest = fc
  .record({
    client: fc.constantFrom(...clients),
    form: fc.constantFrom(
      'grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread',
      'grant_type=client_credentials&scope=wrong',
      'grant_type=password',
      'scope=a&scope=b',
      '',
    ),
    contentType: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/plain'),
  })
  .map(({ client, form, contentType }): [string, Step] => [
    `token ${client} ${form} ${contentType}`,
    async (mock, tokens) => {
      const [clinic = ''] = client.split('-');
      const secret = `not-a-secret-${client}`;
      const response = await fetch(`${mock.url}/auth/${clinic}/oauth2/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${btoa(`${client}:${secret}`)}`, 'Content-Type': contentType },
        body: form,
      });
      const { access_token: token, ...rest }: Record<string, unknown> = Object(await response.json());
      if (typeof token === 'string') tokens.push(token);
      return { ...shown(response), rest, token: typeof token };
    },
  ]);

export const call = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE'),
    target: fc.constantFrom(
      doctors,
      doctors,
      doctors,
      doctors,
      `${doctors}?page=1`,
      `${doctors}/`,
      '/equipe%2Fdoctors',
      '/none',
    ),
    token: fc.oneof(
      { weight: 6, arbitrary: fc.nat({ max: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom('none', 'garbage', 'altered', 'same end') },
    ),
    headers: fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Record<string, string>>(
          { Accept: 'application/json' },
          { Accept: 'text/html' },
          { Accept: 'text/*;q=0.5, application/json;q=0.1' },
          { Accept: 'not / a type' },
          { Prefer: 'code=503' },
          { Prefer: 'dynamic=true' },
          { Origin: 'https://app.example.com' },
          { 'Content-Type': 'application/json' },
          { 'X-More': 'x' },
        ),
      },
    ),
  })
  .map(({ method, target, token, headers }): [string, Step] => [
    `${method} ${target} ${token} ${JSON.stringify(headers)}`,
    async (mock, tokens) => {
      const response = await fetch(mock.baseUrl + target, {
        method,
        headers: { ...headers, ...authorizationOf(token, tokens) },
      });
      return { ...shown(response), body: await response.text() };
    },
  ]);

function authorizationOf(token: number | string, tokens: readonly string[]): Record<string, string> {
  if (token === 'none') return {};
  if (token === 'garbage') return { Authorization: 'Bearer garbage' };
  const own = (typeof token === 'number' ? tokens.at(-1 - token) : tokens.at(-1)) ?? 'eyJ.none.yet';
  if (token === 'same end') return { Authorization: `Bearer ${own.replace(/\..*\./, '.e30.')}` };
  return { Authorization: `Bearer ${token === 'altered' ? `${own.slice(0, -9)}AAAAAAAAA` : own}` };
}

function shown({ status, headers }: Response): { status: number; headers: Record<string, string> } {
  const { date: _date, ...rest } = Object.fromEntries(headers);
  return { status, headers: rest };
}
