/** Which of the documented answers a request wants, in the words of Prism's `Prefer` header. */
export interface Preference {
  /** The status. */
  code?: number;
  /** The name of an example of the specification. */
  example?: string;
  /** An answer made up from the schema in the place of an example. */
  dynamic?: boolean;
}

/**
 * Reads `Prefer: code=503, example=name, dynamic=true` (RFC 7240); undefined where it asks for nothing of these. What
 * else stands there is passed over, as the RFC has it.
 */
export function readPreference(header: string | undefined): Preference | undefined {
  if (header === undefined) return undefined;
  const wishes = Object.fromEntries(
    [...header.matchAll(/(?:^|[,;])\s*(code|example|dynamic)\s*=\s*(?:"([^"]*)"|([^\s",;]*))/gi)].map(
      ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? ''] as const,
    ),
  );
  const { code = '', example, dynamic = '' } = wishes;
  const preference: Preference = {
    ...(/^[1-5]\d\d$/.test(code) ? { code: Number(code) } : {}),
    ...(example ? { example } : {}),
    ...(/^true$/i.test(dynamic) ? { dynamic: true } : {}),
  };
  return Object.keys(preference).length === 0 ? undefined : preference;
}
