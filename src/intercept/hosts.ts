import type { Played } from '../mock/clinics/world.ts';
import { isLoopback, type Handle } from '../mock/http/server.ts';
import type { Api } from '../openapi/api.ts';
import { methods, type Server } from '../openapi/document.ts';
import { partsBelow } from '../openapi/look-up.ts';
import { readServers, serverUrl } from '../openapi/operations.ts';
import { fieldsOf } from '../util/json.ts';
import { linkedFiles, readPictures, servePhotos, type Picture } from './photos.ts';

/**
 * Who answers for which host in the place of the real ones: the mock for those of its API, and a picture for each photo
 * to which its answers lead.
 * @param handle answers in the place of the API.
 * @param more hosts that it answers for beside those of the specification.
 */
export async function interceptedHosts(
  { api, clinics }: Played,
  handle: Handle,
  more: readonly string[] = [],
): Promise<Map<string, Handle>> {
  const hosts = new Map([...apiHosts(api), ...more].map((host) => [host, handle]));
  const files = linkedFiles(api, clinics);
  for (const [host, photos] of byHost(files, await readPictures())) {
    if (!isLoopback(host)) hosts.set(host, servePhotos(photos, hosts.get(host)));
  }
  return hosts;
}

function byHost(
  files: ReadonlyMap<string, string>,
  pictures: ReadonlyMap<string, Picture>,
): Map<string, Map<string, Picture>> {
  const hosts = new Map<string, Map<string, Picture>>();
  for (const [href, mediaType] of files) {
    const url = new URL(href);
    const picture = pictures.get(mediaType);
    if (!picture) continue;
    const photos = hosts.get(hostName(url)) ?? new Map<string, Picture>();
    hosts.set(hostName(url), photos.set(url.pathname + url.search, picture));
  }
  return hosts;
}

/**
 * The hosts under which programs know an API: those of all servers that its specification names, and of the token URL.
 * Names of this machine are left out, since programs reach it without a proxy.
 */
export function apiHosts({ document, flow }: Pick<Api, 'document' | 'flow'>): string[] {
  const servers = [...(document.servers ?? []), ...(flow ? [{ url: flow.tokenUrl }] : [])];
  for (const { fields } of partsBelow(document, ['paths']).values()) {
    const holders = [fields, ...methods.map((method) => fieldsOf(fields[method]))];
    servers.push(...holders.flatMap((holder) => readServers(holder?.['servers'])));
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

/** The host of a URL as certificates and sockets have it: in small letters, no brackets, no dot at its end. */
export function hostName({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
