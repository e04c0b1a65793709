import { accountWord } from '../mock/clinics/account.ts';
import type { Played } from '../mock/clinics/world.ts';
import { readPhotos, servePhotos, type Picture } from '../mock/photos.ts';
import { tokenTemplate } from '../mock/routing/paths.ts';
import { isLoopback, type Handle } from '../mock/http/server.ts';
import type { Api } from '../openapi/api.ts';
import { methods, type Server } from '../openapi/document.ts';
import { partsBelow } from '../openapi/look-up.ts';
import { oauthFlows } from '../openapi/security.ts';
import { readServers, serverUrl, tokenUrls } from '../openapi/operations.ts';
import { fieldsOf } from '../util/json.ts';
import type { Discovery } from './discovery.ts';
import { hostName } from './proxy/target.ts';

/** Reads the facts for the environment from a document and its clinics. */
export async function discover(played: Played): Promise<Discovery> {
  const server = serverUrl(played.api.document.servers);
  const isReal = apiHosts(played.api).includes(hostName(server));
  const hosts = await interceptedHosts(played, () => {});
  const tokenPath = tokenTemplate(played.api);
  const [token] = tokenUrls(played.api.document);
  const hasOwnHost = token?.pathname === tokenPath && hosts.has(hostName(token));
  return {
    hosts: [...hosts.keys()],
    ...(isReal ? { origin: server.origin } : {}),
    ...(isReal && hasOwnHost ? { tokenOrigin: token.origin } : {}),
    tokenPath,
    basePath: server.pathname.replace(/\/$/, ''),
    word: accountWord(played.api),
    clinics: played.clinics.map(({ id, keys }) => {
      const key = keys.find(({ status }) => status === 'active');
      return key ? { id, key: { clientId: key.clientId, clientSecret: key.clientSecret } } : { id };
    }),
  };
}

/**
 * Each intercepted host with its handler: the mock for the API's hosts, a picture for each photo that responses link to.
 * @param handle answers API requests.
 * @param more hosts that it also answers for.
 */
export async function interceptedHosts(
  played: Played,
  handle: Handle,
  more: readonly string[] = [],
): Promise<Map<string, Handle>> {
  const hosts = new Map([...apiHosts(played.api), ...more].map((host) => [host, handle]));
  const photos = new Map<string, Map<string, Picture>>();
  for (const [href, picture] of await readPhotos(played)) {
    const url = new URL(href);
    const ofHost = photos.get(hostName(url)) ?? new Map<string, Picture>();
    photos.set(hostName(url), ofHost.set(url.pathname + url.search, picture));
  }
  for (const [host, ofHost] of photos) if (!isLoopback(host)) hosts.set(host, servePhotos(ofHost, hosts.get(host)));
  return hosts;
}

/** Hosts of all servers and of the token URL, sorted, without loopback, which programs reach without a proxy. */
export function apiHosts({ document }: Pick<Api, 'document'>): string[] {
  const servers = [
    ...(document.servers ?? []),
    ...oauthFlows(document).flatMap(({ tokenUrl }) => (tokenUrl === undefined ? [] : { url: tokenUrl })),
  ];
  for (const { fields } of partsBelow(document, ['paths']).values()) {
    const holders = [fields, ...methods.map((method) => fieldsOf(fields[method]))];
    servers.push(...holders.flatMap((holder) => readServers(holder?.['servers'])));
  }
  return [...new Set(servers.flatMap(hostsOf))].toSorted((a, b) => (a < b ? -1 : 1));
}

function hostsOf(server: Server): string[] {
  const host = hostName(serverUrl([server]));
  // A variable without a default stays in the name as it was.
  return isLoopback(host) || !/^[\w.:-]+$/.test(host) ? [] : [host];
}
