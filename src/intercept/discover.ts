import type { Played } from '../mock/clinics/world.ts';
import { serverUrl } from '../openapi/operations.ts';
import type { Discovery } from './discovery.ts';
import { apiHosts, hostName, interceptedHosts } from './hosts.ts';

/** Reads the facts for the environment from a document and its clinics. */
export async function discover(played: Played): Promise<Discovery> {
  const { api, clinics } = played;
  const server = serverUrl(api.document.servers);
  const isReal = apiHosts(api).includes(hostName(server));
  const hosts = await interceptedHosts(played, () => {});
  return {
    hosts: [...hosts.keys()],
    ...(isReal ? { origin: server.origin } : {}),
    basePath: server.pathname.replace(/\/$/, ''),
    clinics: clinics.map(({ id, keys }) => {
      const key = keys.find(({ status }) => status === 'active');
      return key ? { id, key: { clientId: key.clientId, clientSecret: key.clientSecret } } : { id };
    }),
  };
}
