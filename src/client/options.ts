import { InvalidOptionError } from './errors.ts';
import { allScopes, defaultBaseUrl } from './operations.ts';

/** How a client sends a request: the part of the standard `fetch` that it uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a client is made of. The first three come from the clinic's administrator. */
export interface ClientOptions {
  /** The clinic's own token URL. https, or http on this machine. */
  tokenUrl: string;
  clientId: string;
  /** A password: keep it in the environment or a secrets manager, never in code that reaches a browser. */
  clientSecret: string;
  /** Where the operations stand. Default: the production server of the specification. */
  baseUrl?: string | undefined;
  /** Scopes to ask for, separated by spaces. Default: those that the operations need. */
  scope?: string | undefined;
  /** Default: the global `fetch`. */
  fetch?: Fetch | undefined;
  /** The time in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** Options that were checked, with nothing left open. */
export interface Settings {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  /** Without a slash at its end. */
  baseUrl: string;
  scope: string;
  fetch: Fetch;
  now: () => number;
}

/** @throws InvalidOptionError naming the option that is missing or unusable. */
export function checkOptions(options: ClientOptions): Settings {
  for (const name of ['tokenUrl', 'clientId', 'clientSecret'] as const) {
    if (typeof options[name] !== 'string' || options[name] === '') {
      throw new InvalidOptionError(name, `The option ${name} is missing. It comes with the clinic's credentials.`);
    }
  }
  const { tokenUrl, clientId, clientSecret, baseUrl = defaultBaseUrl ?? '', scope = allScopes } = options;
  checkUrl('tokenUrl', tokenUrl);
  checkUrl('baseUrl', baseUrl);
  return {
    tokenUrl,
    clientId,
    clientSecret,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    scope,
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: options.now ?? Date.now,
  };
}

/** The secret or a token goes to this URL, so nobody on the way may be able to read it. */
function checkUrl(option: string, value: string): void {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return;
  // A URL may hold a password; of one that parses, only the origin is shown, of any other nothing.
  const found = url ? ` Found: ${url.protocol}//${url.host}` : ' Found: something that is no URL';
  throw new InvalidOptionError(
    option,
    `The option ${option} must be a https URL, or http on this machine (localhost, 127.0.0.1, [::1]).${found}`,
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
