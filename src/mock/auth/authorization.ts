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
 * among them, send them raw, and some encode only the colon, which separates the parts.
 */
export function basicCredentials({ scheme, value = '' }: Authorization): ClientCredentials[] | undefined {
  const isBasic = scheme === 'basic' && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  const text = isBasic ? Buffer.from(value, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const readings = [(part: string) => part, decodeForm, (part: string) => part.replaceAll(/%3a/gi, ':')];
  return readings.map((read) => ({ clientId: read(text.slice(0, colon)), clientSecret: read(text.slice(colon + 1)) }));
}
