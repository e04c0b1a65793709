import { isLoopback } from '../mock/loopback.ts';
import type { Api } from '../openapi/api.ts';
import { methods, type PathItem, type Server } from '../openapi/document.ts';
import { lookUp } from '../openapi/look-up.ts';
import { serverUrl } from '../spec/server.ts';
import { hostName } from './host-name.ts';

/**
 * The hosts under which programs know an API: those of all servers that its specification names, and of the token URL.
 * Names of this machine are left out, since programs reach it without a proxy.
 */
export function apiHosts({ document, flow }: Pick<Api, 'document' | 'flow'>): string[] {
  const servers = [...(document.servers ?? []), ...(flow ? [{ url: flow.tokenUrl }] : [])];
  for (const reference of Object.values(document.paths ?? {})) {
    const item = lookUp<PathItem>(document, reference);
    servers.push(...(item.servers ?? []), ...methods.flatMap((method) => item[method]?.servers ?? []));
  }
  return [...new Set(servers.flatMap(hostsOf))].toSorted((a, b) => (a < b ? -1 : 1));
}

/** The host of a server, if it has one that can be reached through a proxy. */
function hostsOf(server: Server): string[] {
  const host = hostName(urlOf(server));
  // A variable without a default stays in the name as it was.
  return isLoopback(host) || !/^[\w.:-]+$/.test(host) ? [] : [host];
}

function urlOf(server: Server): URL {
  try {
    return serverUrl([server]);
  } catch {
    return serverUrl([]);
  }
}
