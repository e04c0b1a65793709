/** The first 200 characters of a text, without credentials. */
export type Redact = (text: unknown) => string | undefined;

/** Removes the secret and what the request presents, which the answer may echo. */
export function redactor({ clientSecret }: { clientSecret: string }, headers: Record<string, string>): Redact {
  return (text) => hide(text, [clientSecret, headers['authorization']?.split(' ')[1]]);
}

/**
 * What stands for characters that are no letters or digits: themselves, or their forms in a URL, in HTML or in JSON. Without a
 * bound, a long text takes long.
 */
const anyForm = String.raw`(?:%(?:25)*\w\w|&#?\w+;|\\\w+|\W){1,64}?`;

/** The first 200 characters of a text without secrets, whatever encoding they have. */
export function hide(text: unknown, secrets: readonly (string | undefined)[]): string | undefined {
  if (typeof text !== 'string') return undefined;
  return secrets
    .reduce<string>(
      (left, secret) => (secret ? left.replaceAll(RegExp(secret.split(/\W+/).join(anyForm), 'g'), '***') : left),
      // More need not be searched.
      text.slice(0, 9e3),
    )
    .slice(0, 200);
}

/** The beginning of a body, without anything that looks like a token, or part of one. */
export function excerptOf(body: unknown, redact: Redact): string | undefined {
  return redact(body)?.replaceAll(/[\w.~+/=-]{24,}/g, '***');
}

interface Failed {
  message: string;
  code?: string | undefined;
  cause?: Failed | undefined;
}

/** A copy of an error of `fetch` and its causes, with message and `code` only: the original may contain credentials. */
export function withoutCredentials(thrown: unknown, redact: Redact, depth = 5): Failed {
  const { message = thrown, code, cause }: Partial<Record<string, unknown>> = thrown ?? {};
  const inner = cause && depth ? { cause: withoutCredentials(cause, redact, depth - 1) } : {};
  return Object.assign(new Error(redact(message)), { code: redact(code) }, inner);
}

/** The reason of a failed connection in words: `refused (ECONNREFUSED)`. */
export function connectionReason({ message, code, cause }: Failed): string {
  if (cause) return connectionReason(cause);
  if (!code) return `(${message})`;
  const words = code.replace(/^ECONN|^E(?=NOT)/, '').replaceAll(/_|(?<=^NOT)/g, ' ');
  return `${words.toLowerCase()} (${code})`;
}
