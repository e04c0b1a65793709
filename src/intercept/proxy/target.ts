import { hostName } from '../hosts.ts';

/** Where a program wants to get. */
export interface Target {
  /** In small letters; addresses without brackets. */
  host: string;
  port: number;
}

/** What `CONNECT` asks for, `HOST:PORT` (RFC 9112 section 3.2.3), or undefined where it is something else. */
export function parseAuthorityForm(text: string): Target | undefined {
  const [, name = '', digits = ''] = /^(\[[\da-f:.]+\]|[^\s[\]:@/?#\\]+):(\d{1,5})$/i.exec(text) ?? [];
  const host = URL.canParse(`http://${name}`) ? hostName(new URL(`http://${name}`)) : '';
  const port = Number(digits);
  return host === '' || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** What a request to a proxy asks for, a whole URL of HTTP (RFC 9112 section 3.2.2), or undefined where it is none. */
export function parseAbsoluteForm(text: string): URL | undefined {
  return /^https?:\/\/[^/?#]/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

export function tunnelTargetOf(url: URL): Target {
  return { host: hostName(url), port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) };
}

/** `HOST:PORT`, as `CONNECT` and people have it. */
export function authorityForm({ host, port }: Target): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
