// What can be said of the journal's entries without asking the mock: filters, neighbours, as curl, as HAR.
import type { ControlClient } from '../control/index.ts';

export type Journaled = Awaited<ReturnType<ControlClient['readJournal']>>['entries'][number];

/** What the list of requests is narrowed to; an empty text narrows nothing. */
export interface Wanted {
  text: string;
  operationId: string;
  clinic: string;
  clientId: string;
  status: string;
  fault: string;
}

export const everything: Wanted = { text: '', operationId: '', clinic: '', clientId: '', status: '', fault: '' };

/** @param wanted a status may be a class: `4xx`, or `refused` for 400 and above and broken answers. */
export function matches(entry: Journaled, { text, status, ...exact }: Wanted): boolean {
  for (const name of ['operationId', 'clinic', 'clientId', 'fault'] as const) {
    if (exact[name] !== '' && entry[name] !== exact[name]) return false;
  }
  if (status !== '' && !hasStatus(entry, status)) return false;
  return text === '' || textOf(entry).includes(text.toLowerCase());
}

function hasStatus(entry: Journaled, wanted: string): boolean {
  if (wanted === 'refused') return isRefused(entry);
  if (wanted === 'none') return entry.status === undefined;
  const status = String(entry.status ?? '');
  return wanted.endsWith('xx') ? status.startsWith(wanted.slice(0, 1)) : status === wanted;
}

function textOf(entry: Journaled): string {
  const { id, method, path, operationId, clinic, clientId, tokenId, status, reason, fault, violations = [] } = entry;
  const said = [id, method, path, operationId, clinic, clientId, tokenId, status, reason, fault, ...violations];
  return said.join(' ').toLowerCase();
}

export function isRefused({ status, broken }: Journaled): boolean {
  return status === undefined || status >= 400 || broken === true;
}

/** The wanted ones of entries that grow in place: each is looked at once. */
export class Narrowed {
  #wanted = everything;
  #generation = -1;
  #seen = 0;
  #found: Journaled[] = [];

  /** @param generation changes where the entries are others than before. */
  of(entries: readonly Journaled[], generation: number, wanted: Wanted): readonly Journaled[] {
    if (generation !== this.#generation || wanted !== this.#wanted) {
      [this.#generation, this.#wanted, this.#seen, this.#found] = [generation, wanted, 0, []];
    }
    for (; this.#seen < entries.length; this.#seen += 1) {
      const entry = entries[this.#seen];
      if (entry && matches(entry, wanted)) this.#found.push(entry);
    }
    return this.#found;
  }
}

/** The class of a status, for its colour. */
export function toneOf({ status, broken }: Pick<Journaled, 'status' | 'broken'>): 'good' | 'other' | 'bad' | 'worse' {
  if (status === undefined || broken || status >= 500) return 'worse';
  if (status >= 400) return 'bad';
  return status >= 300 ? 'other' : 'good';
}

/** A text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Headers that curl sets, or that carry what the journal leaves out. */
const ownOfCurl = /^(accept-encoding|connection|content-length|host|user-agent|transfer-encoding)$/i;

/**
 * The request as a command of curl. Credentials stand as variables of the shell: the journal has none.
 * @param url of the mock or sandbox, without a slash at the end.
 */
export function curlOf(url: string, { method, path, authentication, request }: Journaled): string {
  const words = ['curl -sS', ...(method === 'GET' ? [] : ['-X', quoted(method)])];
  words.push(quoted(url + path + searchOf(request?.query)));
  if (authentication === 'basic') words.push('-u "$CLIENT_ID:$CLIENT_SECRET"');
  if (authentication === 'bearer') words.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(request?.headers ?? {})) {
    if (!ownOfCurl.test(name) && value !== '[secret]') words.push('-H', quoted(`${name}: ${value}`));
  }
  if (request?.body !== undefined) words.push('--data-raw', quoted(request.body));
  else if (authentication === 'basic') words.push('-d grant_type=client_credentials');
  else if (authentication === 'form') {
    words.push('-d grant_type=client_credentials -d "client_id=$CLIENT_ID" -d "client_secret=$CLIENT_SECRET"');
  }
  return words.join(' ');
}

function searchOf(query: Record<string, string[]> = {}): string {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  );
  return search.size > 0 ? `?${search.toString()}` : '';
}

/** The entries as an HTTP Archive 1.2, as far as the journal knows them. */
export function harOf(url: string, entries: readonly Journaled[]): object {
  return {
    log: { version: '1.2', creator: { name: 'arzamed-devkit', version: '' }, entries: entries.map(toHar) },
  };

  function pairs(headers: Record<string, string>): object[] {
    return Object.entries(headers).map(([name, value]) => ({ name, value }));
  }

  function toHar(entry: Journaled): object {
    const { method, path, time, milliseconds, status = 0, request = { query: {}, headers: {} } } = entry;
    const { response, retryAfter } = entry;
    const query = Object.entries(request.query).flatMap(([name, values]) => values.map((value) => ({ name, value })));
    const { body } = request;
    const mimeType = request.headers['content-type'] ?? '';
    return {
      startedDateTime: new Date(Date.parse(time) - milliseconds).toISOString(),
      time: milliseconds,
      request: {
        method,
        url: url + path + searchOf(request.query),
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: pairs(request.headers),
        queryString: query,
        ...(body === undefined ? {} : { postData: { mimeType, text: body } }),
        headersSize: -1,
        bodySize: -1,
      },
      response: {
        status,
        statusText: '',
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: response
          ? pairs(response.headers)
          : retryAfter === undefined
            ? []
            : pairs({ 'Retry-After': String(retryAfter) }),
        content: { size: -1, mimeType: response?.headers['content-type'] ?? '', text: response?.body },
        redirectURL: '',
        headersSize: -1,
        bodySize: -1,
      },
      cache: {},
      timings: { send: 0, wait: milliseconds, receive: 0 },
      comment: [entry.operationId, entry.clinic, entry.clientId, entry.reason, entry.fault, ...(entry.violations ?? [])]
        .filter((each) => each !== undefined)
        .join('; '),
    };
  }
}
