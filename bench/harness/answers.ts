import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Answer, Question } from '../../scripts/soak/client.ts';
import { root } from './environment.ts';

/** Something answered wrongly: its figures would mean nothing. */
export class WrongAnswer extends Error {
  override name = 'WrongAnswer';

  constructor(who: string, { status, body }: Answer) {
    super(`${who} answered wrongly, with ${status} and ${body.slice(0, 200)}`);
  }
}

const clinic: { responses: { listDoctors: unknown } } = parse(
  readFileSync(join(root, 'mocks/clinics/bianchi.yaml'), 'utf8'),
);

/** The bytes that every contestant answers with when it is asked for the doctors. */
export const doctors = JSON.stringify(clinic.responses.listDoctors);

/** A token as contestants give it that do not sign: the specification's example. */
export const exampleToken = JSON.stringify({
  access_token: 'eyJraWQiOiJleGFtcGxlIiwiYWxnIjoiUlMyNTYifQ.eyJleGFtcGxlIjp0cnVlfQ.c2lnbmF0dXJl',
  token_type: 'Bearer',
  expires_in: 3600,
});

export const isDoctors = ({ status, body }: Answer): boolean => status === 200 && body === doctors;

export const isToken = ({ status, body }: Answer): boolean => status === 200 && tokenIn(body) !== undefined;

/** The token in the body of a right answer. */
export function tokenIn(body: string): string | undefined {
  const answer: unknown = body.startsWith('{"access_token"') ? JSON.parse(body) : undefined;
  const {
    access_token: token,
    token_type: type,
    expires_in: lifetime,
  }: Record<string, unknown> = { ...Object(answer) };
  if (type !== 'Bearer' || lifetime !== 3600 || typeof token !== 'string') return undefined;
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) ? token : undefined;
}

export function tokenQuestion(url: string, key = 'bianchi-backend:not-a-secret-bianchi-backend'): Question {
  return {
    method: 'POST',
    url,
    headers: {
      Authorization: `Basic ${Buffer.from(key).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread',
  };
}

export function doctorsQuestion(url: string, token: string): Question {
  return { method: 'GET', url, headers: { Authorization: `Bearer ${token}` } };
}
