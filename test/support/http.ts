import type { MockSandbox } from '../../src/mock/index.ts';

/** The key of a clinic that has a status. */
export function keyOf(
  mock: MockSandbox,
  clinic: string,
  status = 'active',
): { clientId: string; clientSecret: string } {
  const key = mock.clinics.find((each) => each.clinic === clinic)?.keys.find((each) => each.status === status);
  if (!key) throw new Error(`There is no ${status} key of ${clinic}.`);
  return key;
}

export function tokenUrlOf(mock: MockSandbox, clinic: string): string {
  const found = mock.clinics.find((each) => each.clinic === clinic);
  if (!found) throw new Error(`There is no clinic ${clinic}.`);
  return found.tokenUrl;
}

export function basic({ clientId, clientSecret }: { clientId: string; clientSecret: string }): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** Sends a token request as the vendor's sample does. */
export async function requestToken(
  mock: MockSandbox,
  clinic: string,
  { status = 'active', scope }: { status?: string; scope?: string } = {},
): Promise<Response> {
  return fetch(tokenUrlOf(mock, clinic), {
    method: 'POST',
    headers: { Authorization: basic(keyOf(mock, clinic, status)) },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
  });
}

/** The `Authorization` header of a new token. */
export async function bearerOf(
  mock: MockSandbox,
  clinic: string,
  options: { status?: string; scope?: string } = {},
): Promise<string> {
  const answer = await bodyOf(await requestToken(mock, clinic, options));
  return `Bearer ${String(answer['access_token'])}`;
}

/** The JSON object that is the body of an answer. */
export async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null) throw new Error(`Not an object: ${JSON.stringify(body)}`);
  return { ...body };
}
