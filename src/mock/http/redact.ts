import { decodeForm } from '../../util/http.ts';
import type { Key } from '../clinics/clinic.ts';

/** Takes out of a text what is a token or a key's secret, wherever and in whatever form somebody has put it. */
export function redact(text: string, keys: Iterable<Key>): string {
  let shown = text.replaceAll(/eyJ[\w-]+(\.[\w-]*){0,4}/g, '[token]');
  for (const { clientId, clientSecret } of keys) {
    const pair = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    for (const form of [pair, pair.replace(/=+$/, ''), encodeURIComponent(clientSecret), clientSecret]) {
      if (shown.includes(form)) shown = shown.replaceAll(form, '[secret]');
    }
    // There are many ways to escape a text; where one was used that is not among those above, nothing is left.
    if (shown.includes('%') && decodeForm(shown).includes(clientSecret)) return '[secret]';
  }
  return shown;
}

/** The parameters by which RFC 6749 and RFC 6750 hand over a credential, and what else people call it. */
const telling =
  /^(access_?token|client_?secret|client_?assertion|refresh_?token|id_?token|token|password|secret|api_?key|authorization)$/i;

/** The names of a query's parameters that carry a secret or a token, by name or by value. */
export function credentialsIn(query: URLSearchParams, keys: Iterable<Key>): string[] {
  const all = [...query].filter(
    ([name, value]) => value !== '' && (telling.test(name) || redact(value, keys) !== value),
  );
  return [...new Set(all.map(([name]) => redact(name, keys)))];
}
