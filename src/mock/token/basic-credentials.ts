import { decodeForm } from '../../util/http.ts';
import type { Authorization } from '../auth/authorization.ts';

/** A client's id and secret as a request presents them. */
export interface Credentials {
  clientId: string;
  clientSecret: string;
}

/**
 * What a Basic header may mean: RFC 6749 section 2.3.1 has both parts form-encoded, but most clients, curl among them,
 * send them raw. Undefined where the header is none.
 */
export function basicCredentials({ scheme, value = '' }: Authorization): Credentials[] | undefined {
  const isBasic = scheme === 'basic' && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  const text = isBasic ? Buffer.from(value, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const raw = { clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1) };
  const decoded = { clientId: decodeForm(raw.clientId), clientSecret: decodeForm(raw.clientSecret) };
  return [raw, decoded];
}
