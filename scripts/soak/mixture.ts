import type { Answer, Client, Question } from './client.ts';

/** What is asked, and what is right. */
export interface Visit {
  name: string;
  question: Question;
  status: number;
  /** What the answer's body must hold. */
  holds: string;
}

const form = new URLSearchParams({
  grant_type: 'client_credentials',
  scope: 'https://api.nextgen.arzamed.com/read',
}).toString();

/** @param url of the mock or one of its sandboxes. */
export function tokenRequest(url: string, clinic: string, clientId: string, secret: string): Question {
  return {
    method: 'POST',
    url: `${url}/auth/${clinic}/oauth2/token`,
    headers: {
      Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: form,
  };
}

/** Gets a token with a bundled key. */
async function takeToken(client: Client, url: string, clinic: string, clientId: string): Promise<string> {
  return tokenIn(await client.ask(tokenRequest(url, clinic, clientId, `not-a-secret-${clientId}`)));
}

/** @throws Error if an answer has no token. */
export function tokenIn({ status, body }: Answer): string {
  const token = /"access_token":"([^"]+)"/.exec(body)?.[1];
  if (token === undefined) throw new Error(`There was no token, but ${status}: ${body}`);
  return token;
}

/** How many token requests it takes to begin; the journal counts them as well. */
export const beginning = 3;

/** A hundred visits as a service may see them: mostly calls with a good token, now and then a token, some refused. */
export async function mixture(client: Client, url: string, baseUrl: string): Promise<Visit[]> {
  const [good, other, revoked] = await Promise.all([
    takeToken(client, url, 'bianchi', 'bianchi-backend'),
    takeToken(client, url, 'san-giorgio', 'san-giorgio-backend'),
    takeToken(client, url, 'bianchi', 'bianchi-revoked'),
  ]);
  const doctors = (token: string): Question => ({
    method: 'GET',
    url: `${baseUrl}/equipe/doctors`,
    headers: { Authorization: `Bearer ${token}` },
  });
  const right = tokenRequest(url, 'ricci', 'ricci-backend', 'not-a-secret-ricci-backend');
  const wrong = tokenRequest(url, 'ricci', 'ricci-backend', 'wrong');
  const shares: [number, Visit][] = [
    [50, { name: 'doctors', question: doctors(good), status: 200, holds: 'Dr. Marco Bianchi' }],
    [20, { name: 'doctors of a large clinic', question: doctors(other), status: 200, holds: "Umberto D'Ambrosio" }],
    [12, { name: 'token', question: right, status: 200, holds: '"access_token":"ey' }],
    [5, { name: 'wrong secret', question: wrong, status: 401, holds: 'invalid_client' }],
    [5, { name: 'wrong token', question: doctors(`${good}x`), status: 401, holds: 'not valid' }],
    [4, { name: 'revoked key', question: doctors(revoked), status: 403, holds: 'revoked' }],
    [4, { name: 'unknown path', question: { method: 'GET', url: `${baseUrl}/nothing` }, status: 404, holds: 'No op' }],
  ];
  const row = shares.flatMap(([share, visit]) => Array.from({ length: share }, () => visit));
  // 37 and 100 have no factor in common: each visit comes once, and those of one kind not in a row.
  return row.map((visit, index) => row[(index * 37) % row.length] ?? visit);
}

/** Whether a fault of the doctors has struck this visit. */
export function isStruck({ question }: Visit, { status, body }: Answer): boolean {
  return question.url.endsWith('/equipe/doctors') && status === 503 && body.includes('temporarily unavailable');
}

/** What is wrong with an answer, or undefined. */
export function wrongWith({ name, status, holds }: Visit, answer: Answer): string | undefined {
  if (answer.status === status && answer.body.includes(holds)) return undefined;
  return `${name} was answered with ${answer.status} and ${answer.body.slice(0, 200)}`;
}
