/** The `Authorization` header of a request. */
export interface Authorization {
  /** In lower case; empty where the header begins with no scheme. */
  scheme: string;
  /** What follows the scheme, where that is one word. */
  value: string | undefined;
}

/** Reads an `Authorization` header (RFC 9110 section 11.6.2). */
export function parseAuthorization(header: string): Authorization {
  const [, scheme = '', value] = /^(\w+)(?: +(\S+)$)?/.exec(header) ?? [];
  return { scheme: scheme.toLowerCase(), value };
}
