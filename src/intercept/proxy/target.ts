export interface Target {
  /** In lower case; IPv6 addresses without brackets. */
  host: string;
  port: number;
}

/** Reads `HOST:PORT`, the target of `CONNECT` (RFC 9112 section 3.2.3). */
export function parseAuthorityForm(text: string): Target | undefined {
  const [, name = '', digits = ''] = /^(\[[\da-f:.]+\]|[^\s[\]:@/?#\\]+):(\d{1,5})$/i.exec(text) ?? [];
  const host = URL.canParse(`http://${name}`) ? hostName(new URL(`http://${name}`)) : '';
  const port = Number(digits);
  return host === '' || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** Reads the absolute URL of a request to a proxy (RFC 9112 section 3.2.2). */
export function parseAbsoluteForm(text: string): URL | undefined {
  return /^https?:\/\/[^/?#]/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

export function tunnelTargetOf(url: URL): Target {
  return { host: hostName(url), port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) };
}

/** Where to connect: not every resolver knows the names below localhost (RFC 6761 section 6.3). */
export function resolvable({ host, port }: Target): Target {
  return { host: host.replace(/^.*\.localhost$/, 'localhost'), port };
}

/** `HOST:PORT` */
export function authorityForm({ host, port }: Target): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The host of a URL as in certificates and sockets: in lower case, without brackets or a trailing dot. */
export function hostName({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
