import type { Access } from './contestant.ts';

/** What people write who have a client without authentication: a token that is kept, and asked for by one call at a time. */
export function handWrittenToken({ tokenUrl, clientId, clientSecret }: Access): () => Promise<string> {
  let token = '';
  let renewAt = 0;
  let renewal: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'https://api.nextgen.arzamed.com/read',
      }),
    });
    if (!response.ok) throw new Error(`No token: ${response.status}`);
    const answer: { access_token: string; expires_in: number } = JSON.parse(await response.text());
    token = answer.access_token;
    renewAt = Date.now() + (answer.expires_in - 60) * 1000;
    return token;
  }

  return async () => {
    if (Date.now() < renewAt) return token;
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
}
