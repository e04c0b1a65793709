import { isLoopback } from '../mock/loopback.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Handle } from '../mock/http/server.ts';
import { apiHosts } from '../offline/api-hosts.ts';
import { hostName } from '../offline/host-name.ts';
import { linkedFiles } from './photos.ts';
import { readPictures, type Picture } from '../offline/photos/pictures.ts';
import { servePhotos } from '../offline/photos/serve-photos.ts';

/**
 * Who answers for which host in the place of the real ones: the mock for those of its API, and a picture for each photo
 * to which its answers lead.
 * @param handle answers in the place of the API.
 * @param more hosts that it answers for beside those of the specification.
 */
export async function playedHosts(
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
