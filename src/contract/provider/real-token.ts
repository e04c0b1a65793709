import { Problem } from '../../util/errors.ts';
import { basicOf, type Credentials } from '../../verify/provider/credentials.ts';
import type { Silence } from '../../verify/provider/exchange.ts';
import { isOutage } from './outage.ts';
import { parseObject } from './parse-object.ts';
import type { Outcome, Withheld } from '../../verify/provider/provider.ts';

export interface RealToken {
  kind: 'token';
  accessToken: string;
}

/** What a token endpoint may say (RFC 6749 section 5.2). Anything else that it says is not repeated. */
const codes = new Set(['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'invalid_scope']);

/**
 * Gets a bearer token with the real credentials (RFC 6749 section 4.4).
 * @param send one request to the provider.
 * @throws Problem if the token endpoint refuses the credentials, or answers with no token.
 */
export async function requestRealToken(
  credentials: Credentials,
  scopes: readonly string[],
  send: (request: { method: string; url: URL; headers: string[]; body: Buffer }) => Promise<Outcome>,
): Promise<RealToken | Silence | Withheld> {
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  const outcome = await send({
    method: 'POST',
    url: credentials.tokenUrl,
    headers: Object.entries({
      Authorization: basicOf(credentials),
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
    }).flat(),
    body: Buffer.from(new URLSearchParams({ grant_type: 'client_credentials', ...scope }).toString()),
  });
  if (outcome.kind !== 'answer') return outcome;
  if (isOutage(outcome)) return { kind: 'silence', reason: `answers ${outcome.status} at the token URL` };
  const { access_token: accessToken, error } = parseObject(outcome.body) ?? {};
  if (outcome.status < 300 && typeof accessToken === 'string') return { kind: 'token', accessToken };
  throw new Problem({
    code: 'credentials_refused',
    what: 'The token endpoint gives no token for the credentials of the environment.',
    where: 'ARZAMED_TOKEN_URL',
    facts: {
      status: String(outcome.status),
      error: typeof error === 'string' && codes.has(error) ? error : undefined,
    },
    remedy:
      'Look whether ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID and ARZAMED_CLIENT_SECRET belong together and to this provider.',
  });
}
