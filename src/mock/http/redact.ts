import type { Key } from '../clinics/clinic.ts';

export type Credentials = Pick<Key, 'clientId' | 'clientSecret'>;

/** Length of the prefix that the forms of secrets are indexed by, in characters. A shorter form is its own prefix. */
const indexed = 4;

/** Whether a secret is one that a mock has made. */
export function isGenerated(clientSecret: string): boolean {
  return generated.exec(clientSecret)?.[0] === clientSecret;
}

/** Finds secrets of keys, in each form in which a client may send them, and tokens in texts. */
export class Secrets {
  /** Each form to how many keys have it. */
  readonly #forms = new Map<string, number>();
  /** The beginnings of forms to their lengths, the longest first. */
  readonly #lengths = new Map<string, number[]>();
  readonly #firsts = new Set<string>();
  #hasShort = false;
  /** How many texts were looked at so far. */
  looks = 0;
  #added: Credentials[] = [];

  add(key: Credentials): void {
    this.#added.push(key);
  }

  /** Forgets the secrets of keys that are gone. */
  remove(keys: readonly Credentials[]): void {
    this.#workOut();
    for (const form of keys.flatMap(formsOf)) {
      const left = (this.#forms.get(form) ?? 1) - 1;
      if (left > 0) this.#forms.set(form, left);
      else this.#forms.delete(form);
    }
  }

  /** Replaces secrets and tokens by `[secret]` and `[token]`. */
  redact(text: string): string {
    this.looks += 1;
    this.#workOut();
    const parts = this.#split(text);
    const shown = parts.map(({ plain, mark }) => plain + mark).join('');
    return escaped.test(text) ? this.#ifClean(text, parts.length, shown) : shown;
  }

  /** A text can be escaped in many ways, and more than once: where one of them hides a secret, nothing of it is shown. */
  #ifClean(text: string, marked: number, shown: string): string {
    let read = text;
    for (let depth = 0; depth < deepest; depth += 1) {
      const decoded = decode(read);
      if (this.#split(decoded).length > marked || this.#split(decodeLatin(read)).length > marked) return '[secret]';
      if (decoded === read) return shown;
      read = decoded;
      // Other bytes than those of UTF-8 are no text that can be looked at.
      if (read.includes('\uFFFD') && !text.includes('\uFFFD'))
        return shown.replaceAll(/[^/\s]+/g, (part) => (escaped.test(part) ? '[undecodable]' : part));
    }
    return '[secret]';
  }

  /** The parts of a text, each with the mark of the secret or token that follows. */
  #split(text: string): { plain: string; mark: string }[] {
    const parts: { plain: string; mark: string }[] = [];
    const mayHold = text.length >= shortest || text.includes('eyJ') || generatedLike.test(text);
    const tokens = (mayHold ? text : '').matchAll(tokenOrSecret);
    let next = tokens.next().value;
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      while (next && next.index < at) next = tokens.next().value;
      const secret = this.#secretAt(text, at);
      const length = Math.max(secret, next?.index === at ? next[0].length : 0);
      if (length === 0) continue;
      parts.push({
        plain: text.slice(from, at),
        mark: length > secret && !next?.groups?.['secret'] ? '[token]' : '[secret]',
      });
      from = at + length;
      at = from - 1;
    }
    return [...parts, { plain: text.slice(from), mark: '' }];
  }

  #secretAt(text: string, at: number): number {
    if (!this.#firsts.has(text[at] ?? '')) return 0;
    for (let size = indexed; size > 0; size -= 1) {
      const lengths = this.#lengths.get(text.slice(at, at + size));
      const found = lengths?.find((length) => this.#forms.has(text.slice(at, at + length)));
      if (found !== undefined) return found;
      // Shorter forms are rare.
      if (!this.#hasShort) break;
    }
    return 0;
  }

  #workOut(): void {
    for (const form of this.#added.flatMap(formsOf)) {
      this.#forms.set(form, (this.#forms.get(form) ?? 0) + 1);
      const first = form.slice(0, indexed);
      this.#firsts.add(form.slice(0, 1));
      if (form.length < indexed) this.#hasShort = true;
      const lengths = this.#lengths.get(first) ?? [];
      if (!lengths.includes(form.length))
        this.#lengths.set(
          first,
          [...lengths, form.length].toSorted((a, b) => b - a),
        );
    }
    this.#added = [];
  }
}

function formsOf({ clientId, clientSecret }: Credentials): string[] {
  const pair = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const forms = [pair, pair.replace(/=+$/, ''), encodeURIComponent(clientSecret), clientSecret];
  const coded = clientSecret.length < longEnough || isGenerated(clientSecret) ? [] : codedForms(clientSecret);
  return [...new Set([...forms, ...coded])].filter((form) => form !== '');
}

/** Characters of a secret whose other forms are found: those of shorter ones stand in other texts as well. */
const longEnough = 8;

/** A secret in hexadecimal and in base64, also that of URLs, wherever it stands in the text that is coded. */
function codedForms(clientSecret: string): string[] {
  const secret = Buffer.from(clientSecret);
  const hex = secret.toString('hex');
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), secret])
      .toString('base64')
      .replace(/=+$/, '');
    // What the neighbours of the secret have a part in.
    const own = text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + secret.length) * 4) / 3));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [hex, hex.toUpperCase(), ...inBase64];
}

/** How often a text may be escaped and still be shown. */
const deepest = 4;

/** Characters of the signature of a token. */
const shortest = 342;

/** A token, its dots perhaps escaped; or the signature of one, which is as long as a key of 2048 bits. */
const token = /eyJ[\w-]+(?:(?:\.|%(?:25)*2[Ee])[\w-]*){0,4}|(?<![\w-])[\w-]{342,}/;

/** `not-a-secret-` in base64, after any number of bytes. */
const inBase64 = '(?:bm90LWEtc2VjcmV0L|5vdC1hLXNlY3JldC|ub3QtYS1zZWNyZXQt)';
/** The same in hexadecimal. */
const inHex = '6[Ee]6[Ff]742[Dd]612[Dd]7365637265742[Dd]';
const generatedLike = new RegExp(`not-a-secret-|${inBase64}|${inHex}`);

/** A secret that a mock has made, also one of a sandbox that this process does not know; and the same after its id in base64. */
const generated = new RegExp(
  `not-a-secret-[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}|(?<![\\w+/-])[\\w+/-]*${inBase64}[\\w+/-]{44,}=*|${inHex}[\\dA-Fa-f]{72}`,
);
const tokenOrSecret = new RegExp(`(?<secret>${generated.source})|${token.source}`, 'g');

/** A text without its escapes; bytes that are not UTF-8 become U+FFFD. */
function decode(text: string): string {
  return unescape(text, 'utf8');
}

function decodeLatin(text: string): string {
  return unescape(text, 'latin1');
}

function unescape(text: string, encoding: 'utf8' | 'latin1'): string {
  return (
    text
      .replaceAll('+', ' ')
      .replaceAll(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString(encoding))
      .replaceAll(
        /[\\%]u([\da-f]{4})|&#x([\da-f]{1,6});|&#(\d{1,7});/gi,
        (whole, ...[unit, hex, decimal]: string[]) => {
          const point = decimal === undefined ? Number.parseInt(unit ?? hex ?? '', 16) : Number(decimal);
          return point > 0x10_ffff ? whole : String.fromCodePoint(point);
        },
      )
      .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '')
      // The halves of characters in UTF-16.
      .replaceAll('\0', '')
  );
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What is escaped as in URLs, HTML or JSON. */
const escaped = /[%+&\\\0]/;

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
