/** The first 200 characters of a text, without credentials. */
export type Redact = (text: unknown) => string | undefined;

/** Removes the secret and what the request presents, which the answer may echo. */
export function redactor({ clientSecret: secret }: { clientSecret: string }, headers: Record<string, string>): Redact {
  return (text) => {
    if (typeof text !== 'string') return undefined;
    const credentials = headers['authorization']?.split(' ')[1];
    return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), credentials]
      .reduce<string>((left, form) => (form ? left.replaceAll(form, '***') : left), text)
      .slice(0, 200);
  };
}

/** The beginning of a body, without anything that looks like a token, or part of one. */
export function excerptOf(body: unknown, redact: Redact): string | undefined {
  return redact(body)?.replaceAll(/[\w.~+/=-]{24,}/g, '***');
}

/** A copy of an error of `fetch` and its causes, with message and `code` only: the original may contain credentials. */
export function withoutCredentials(thrown: unknown, redact: Redact, depth = 5): unknown {
  const { message = thrown, code, cause }: Partial<Record<string, unknown>> = thrown ?? {};
  const error = new Error(
    redact(message),
    cause && depth ? { cause: withoutCredentials(cause, redact, depth - 1) } : {},
  );
  return Object.assign(error, code && { code: redact(code) });
}
