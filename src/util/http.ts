/** A text without its percent-encoding; one that has an invalid escape stands for itself. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The same for a part of a form or a query, where `+` stands for a space; of an invalid text, that alone is decoded. */
export function decodeForm(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

/** The cookies of a `Cookie` header (RFC 6265 section 4.2.1). */
export function parseCookies(header: string): Map<string, string> {
  const pairs = header.split(/;\s*/).map((pair) => pair.split(/=(.*)/s));
  return new Map(pairs.map(([name = '', value = '']) => [name.trim(), value]));
}

/**
 * Headers as Node has them raw, names and values in turns, without some.
 * @param without names in small letters.
 */
export function withoutHeaders(raw: readonly string[], without: Iterable<string>): string[] {
  const names = new Set(without);
  return raw.filter((_, index) => !names.has(raw[index - (index % 2)]?.toLowerCase() ?? ''));
}
