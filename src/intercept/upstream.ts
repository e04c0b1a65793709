import { messageOf } from '../util/errors.ts';
import { thisMachine, type Machine } from './machine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxies of the outer environment, through which ours reaches other hosts. */
export interface InheritedProxies {
  /** The proxy for requests to a host; undefined to reach it directly. @throws Error if the proxy cannot be used. */
  proxyFor(scheme: 'http' | 'https', host: string): URL | undefined;
  /** Which proxies cannot be used, a sentence each. */
  notes: readonly string[];
}

/** The variables in the order of curl(1). Most other programs read HTTP_PROXY too, and find ours in both. */
const variables = {
  http: ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
  https: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const;

/** Reads proxies as curl does: the scheme is optional, and the port without one is 1080. */
export function inheritedProxies(
  inherited: Environment = process.env,
  machine: Machine = thisMachine(),
): InheritedProxies {
  const named = (scheme: 'http' | 'https'): string | undefined =>
    variables[scheme].find((name) => (inherited[name] ?? '') !== '');
  const parsed = (scheme: 'http' | 'https'): URL | undefined => {
    const name = named(scheme);
    return name === undefined ? undefined : parseProxy(name, inherited[name] ?? '');
  };
  const notes = new Set<string>();
  for (const scheme of ['http', 'https'] as const) {
    try {
      parsed(scheme);
    } catch (error) {
      notes.add(`${messageOf(error)}: requests through it are refused. Name an HTTP proxy there instead.`);
    }
  }
  const direct = noProxyEntries(inherited);
  return {
    proxyFor: (scheme, host) =>
      machine.has(host) || direct.some((entry) => matches(entry, host)) ? undefined : parsed(scheme),
    notes: [...notes],
  };
}

function parseProxy(name: string, text: string): URL {
  const [, scheme = 'http', rest = text] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (/^socks/i.test(scheme)) throw new Error(`${name} names a SOCKS proxy, which is not supported`);
  if (!/^https?$/i.test(scheme)) throw new Error(`${name} names a proxy by ${scheme}, which is not supported`);
  if (!URL.canParse(`${scheme}://${rest}`)) throw new Error(`${name} names no proxy that can be read`);
  const url = new URL(`${scheme}://${rest}`);
  if (url.protocol === 'http:' && !/:\d+(?:\/|$)/.test(rest.replace(/^.*@/, ''))) url.port = '1080';
  return url;
}

/** The entries of NO_PROXY, each once. */
export function noProxyEntries(inherited: Environment): string[] {
  const lists = [inherited['NO_PROXY'], inherited['no_proxy']].flatMap((list) => (list ?? '').split(/[\s,]+/));
  return [...new Set(lists)].filter((entry) => entry !== '');
}

/** Whether an entry of NO_PROXY names a host or a domain above it, as curl reads it. */
function matches(entry: string, host: string): boolean {
  const name = hostOfEntry(entry);
  return entry === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`)));
}

/** The host of an entry of NO_PROXY, without its port, and the dot or star of a domain. */
export function hostOfEntry(entry: string): string {
  return entry
    .toLowerCase()
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^([^:]*):\d+$/, '$1')
    .replace(/^[*.]+/, '');
}
