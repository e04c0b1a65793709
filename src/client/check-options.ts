import { sleep } from './timing.ts';
import type { ApiTable } from './api-table.ts';
import { emitter, warnOfOrigin } from './events.ts';
import type { ClientOptions, Settings } from './options.ts';
import { refuse } from './refuse.ts';
import { present } from './request.ts';

/** A timer cannot wait longer; a longer one would end at once. */
const longestTimer = 2 ** 31 - 1;

/** @throws InvalidOptionError naming the option that is missing or unusable. */
export function checkOptions(options: ClientOptions, { servers, scopes }: Omit<ApiTable, 'calls'>): Settings {
  const settings = {
    baseUrl: servers[0] ?? '',
    scope: scopes.join(' '),
    attempts: 3,
    attemptTimeout: 10_000,
    totalTimeout: 60_000,
    fetch: (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init),
    now: Date.now,
    random: Math.random,
    sleep,
    ...given(options),
    onEvent: emitter(options.onEvent),
  };
  const { clientId, clientSecret, tokenUrl, baseUrl, dangerouslyAllowBrowser } = settings;
  // The document of a page, or the loader of scripts that every worker of a page has.
  if (!dangerouslyAllowBrowser && ('document' in globalThis || 'importScripts' in globalThis)) {
    refuse('dangerouslyAllowBrowser', 'must be set in a browser: the secret must not be in client-side code');
  }
  demand('clientId', clientId);
  demand('clientSecret', clientSecret);
  checkUrl('tokenUrl', demand('tokenUrl', tokenUrl));
  checkUrl('baseUrl', baseUrl);
  for (const name of ['attempts', 'attemptTimeout', 'totalTimeout'] as const) {
    if (!(settings[name] >= 1 && settings[name] <= longestTimer)) refuse(name, `must be from 1 to ${longestTimer}`);
  }
  warnOfOrigin(settings, baseUrl, [tokenUrl, ...servers]);
  return { ...settings, baseUrl: baseUrl.replace(/\/+$/, '') };
}

type Given = { [Name in keyof ClientOptions]: Exclude<ClientOptions[Name], undefined> };

/** The options without those that are undefined, which leave their default. */
function given(options: ClientOptions): Given;
function given(options: object): object {
  return Object.fromEntries(present(options));
}

/** @throws InvalidOptionError if there is no such text. */
export function demand(name: string, value: unknown, kind = 'option'): string {
  if (typeof value === 'string' && value) return value;
  return refuse(name, 'is missing', kind);
}

/** The secret or a token goes to this URL, so nobody on the way may be able to read it. */
function checkUrl(option: string, value: string): void {
  const url = URL.parse(value);
  // `fetch` refuses a URL with a user or password, and repeats it in its message.
  if (url && secure.test(url.href)) return;
  // Of a URL that parses, only the origin is shown, since it may hold a password; of any other nothing.
  const found = url?.origin ?? 'no URL';
  refuse(option, `must be a https URL, or http on this machine, no password. Found: ${found}`);
}

const secure = /^(https:\/\/[^@/]+|http:\/\/([^@/]+\.)?(localhost|127\.[\d.]+|\[::1])(:\d+)?)\//;
