/** The first 200 characters of a text, without credentials. */
export type Redact = (text: unknown) => string | undefined;

/** Removes the secret and what the request presents, which the answer may echo. */
export function redactor({ clientSecret }: { clientSecret: string }, headers: Record<string, string>): Redact {
  return (text) => hide(text, [clientSecret, headers['authorization']?.split(' ')[1]]);
}

/** What stands for a character that is no letter or digit: itself, or its form in a URL, in HTML or in JSON. */
const anyForm = String.raw`(?:%(?:25)*\w\w|&#?\w+;|\\\w+|\W)`;

/** Each character has four forms in a row at most, as that of four bytes has: without an end, long texts took long. */
function anyFormOf(secret: string): string {
  const parts = secret.split(/(\W+)/);
  return parts.map((part, at) => (at % 2 ? `${anyForm}{1,${part.length * 4}}?` : part)).join('');
}

/** The first 200 characters of a text without secrets, whatever encoding they have. */
export function hide(text: unknown, secrets: readonly (string | undefined)[]): string | undefined {
  if (typeof text !== 'string') return undefined;
  return secrets
    .reduce<string>(
      (left, secret) => (secret ? left.replaceAll(RegExp(anyFormOf(secret), 'g'), '***') : left),
      // More need not be searched.
      text.slice(0, 9999),
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
