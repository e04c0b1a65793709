import type { Key } from '../clinics/clinic.ts';

/** Finds secrets of keys, in each form in which a client may send them, and tokens in texts. */
export class Secrets {
  readonly #forms = new Set<string>();
  /** The first character of forms to their lengths, the longest first. */
  readonly #lengths = new Map<string, number[]>();
  #added: Pick<Key, 'clientId' | 'clientSecret'>[] = [];

  add(key: Pick<Key, 'clientId' | 'clientSecret'>): void {
    this.#added.push(key);
  }

  /** Replaces secrets and tokens by `[secret]` and `[token]`. */
  redact(text: string): string {
    this.#workOut();
    const parts = this.#split(text);
    // A text can be escaped in many ways; if another one than the known forms was used, nothing of it is shown.
    const escaped = parts.some(({ plain }) => /[%+]/.test(plain) && this.#split(decode(plain)).length > 1);
    return escaped ? '[secret]' : parts.map(({ plain, mark }) => plain + mark).join('');
  }

  /** The parts of a text, each with the mark of the secret or token that follows. */
  #split(text: string): { plain: string; mark: string }[] {
    const parts: { plain: string; mark: string }[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const secret = this.#secretAt(text, at);
      const token = tokenAt(text, at);
      const length = Math.max(secret, token);
      if (length === 0) continue;
      parts.push({ plain: text.slice(from, at), mark: token > secret ? '[token]' : '[secret]' });
      from = at + length;
      at = from - 1;
    }
    return [...parts, { plain: text.slice(from), mark: '' }];
  }

  #secretAt(text: string, at: number): number {
    return this.#lengths.get(text[at] ?? '')?.find((length) => this.#forms.has(text.slice(at, at + length))) ?? 0;
  }

  #workOut(): void {
    for (const { clientId, clientSecret } of this.#added) {
      const pair = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
      for (const form of [pair, pair.replace(/=+$/, ''), encodeURIComponent(clientSecret), clientSecret]) {
        if (this.#forms.has(form)) continue;
        this.#forms.add(form);
        const first = form.slice(0, 1);
        const lengths = this.#lengths.get(first) ?? [];
        if (lengths.includes(form.length)) continue;
        const sorted = [...lengths, form.length].toSorted((a, b) => b - a);
        this.#lengths.set(first, sorted);
      }
    }
    this.#added = [];
  }
}

const token = /eyJ[\w-]+(\.[\w-]*){0,4}/y;

function tokenAt(text: string, at: number): number {
  token.lastIndex = at;
  return token.exec(text)?.[0].length ?? 0;
}

function decode(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/(%[\da-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

/** The parameters of RFC 6749 and RFC 6750 that carry credentials, and other common names. */
const telling =
  /^(access_?token|client_?secret|client_?assertion|refresh_?token|id_?token|token|password|secret|api_?key|authorization)$/i;

/** The names of query parameters that carry a secret or a token, by name or by value. */
export function credentialsIn(query: URLSearchParams, secrets: Secrets): string[] {
  const all = [...query].filter(
    ([name, value]) => value !== '' && (telling.test(name) || secrets.redact(value) !== value),
  );
  return [...new Set(all.map(([name]) => secrets.redact(name)))];
}
