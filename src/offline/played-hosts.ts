import { readClinics } from '../mock/clinics/read-clinics.ts';
import { isLoopback } from '../mock/loopback.ts';
import type { Mock } from '../mock/mock.ts';
import { defaultClinics } from '../mock/options.ts';
import type { Handle } from '../mock/serve.ts';
import { apiHosts } from './api-hosts.ts';
import { hostName } from './host-name.ts';
import { linkedFiles } from './photos/linked-files.ts';
import { readPictures, type Picture } from './photos/pictures.ts';
import { servePhotos } from './photos/serve-photos.ts';

interface PlayedOptions {
  /** The folder of the mock's clinics. Default: those that come along. */
  clinics?: string | undefined;
  /** Hosts that the mock answers for beside those of its specification. */
  more?: readonly string[] | undefined;
}

/**
 * Who answers for which host in the place of the real ones: the mock for those of its API, and a picture for each photo
 * to which its answers lead.
 * @throws Problem if a clinic is no good.
 */
export async function playedHosts(
  { api, handle }: Pick<Mock, 'api' | 'handle'>,
  { clinics = defaultClinics, more = [] }: PlayedOptions = {},
): Promise<Map<string, Handle>> {
  const hosts = new Map([...apiHosts(api), ...more].map((host) => [host, handle]));
  const files = linkedFiles(api, await readClinics(clinics, api));
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
