/** The beginning of a text that came from elsewhere, at most 200 characters, without credentials; undefined where it is no text. */
export type Redact = (text: unknown) => string | undefined;

/**
 * @param secret the client's secret.
 * @param authorization the `Authorization` header of the request, whose answer may echo it.
 */
export function redactor(secret: string, authorization: string | undefined): Redact {
  return (text) => {
    if (typeof text !== 'string') return undefined;
    const credentials = authorization?.split(' ')[1];
    return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), credentials]
      .reduce<string>((left, form) => (form ? left.replaceAll(form, '***') : left), text)
      .slice(0, 200);
  };
}

/** The beginning of a body. Whatever looks like a token is left out, since it may be somebody else's, or half of one. */
export function excerptOf(body: string, redact: Redact): string | undefined {
  return redact(body)?.replaceAll(/[\w.~+/=-]{24,}/g, '***');
}

/**
 * A copy of what `fetch` threw, and of its causes: message and `code`, which tell why. The original may hold the
 * request with its credentials.
 */
export function withoutCredentials(thrown: unknown, redact: Redact, depth = 5): unknown {
  const { message = thrown, code, cause }: Partial<Record<string, unknown>> = thrown ?? {};
  const error = new Error(
    redact(message),
    cause && depth ? { cause: withoutCredentials(cause, redact, depth - 1) } : {},
  );
  return Object.assign(error, code && { code: redact(code) });
}
