import { decodeForm } from '../../util/http.ts';

export interface Authorization {
  /** In lower case; empty if the header does not begin with a scheme. */
  scheme: string;
  /** What follows the scheme, if that is one word. */
  value: string | undefined;
}

/** Reads an `Authorization` header (RFC 9110 section 11.6.2). */
export function parseAuthorization(header: string): Authorization {
  const [, scheme = '', value] = /^(\w+)(?: +(\S+)$)?/.exec(header) ?? [];
  return { scheme: scheme.toLowerCase(), value };
}

/** A client's id and secret as a request presents them. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

/**
 * The possible meanings of a Basic header: RFC 6749 section 2.3.1 has both parts form-encoded, but most clients, curl
 * among them, send them raw.
 */
export function basicCredentials({ scheme, value = '' }: Authorization): ClientCredentials[] | undefined {
  const isBasic = scheme === 'basic' && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  const text = isBasic ? Buffer.from(value, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const raw = { clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1) };
  return [raw, { clientId: decodeForm(raw.clientId), clientSecret: decodeForm(raw.clientSecret) }];
}
