import { paths } from '../mock/paths.ts';
import type { Played } from '../mock/read-world.ts';
import { Problem } from '../spec/problem.ts';
import { serverUrl } from '../spec/server.ts';
import { apiHosts } from './api-hosts.ts';
import type { Credentials } from './child/index.ts';
import { hostName } from './host-name.ts';

/** Where the API stands in earnest, such as `https://api.example.com`; undefined where it says no host but this machine. */
export function realOrigin({ api }: Played): string | undefined {
  const url = serverUrl(api.document.servers);
  return apiHosts(api).includes(hostName(url)) ? url.origin : undefined;
}

/**
 * What a clinic hands out to a program that meets the mock at an origin: the first of its keys that is good.
 * @throws Problem if there is no such clinic, or no key of it is good.
 */
export function credentialsOf({ api, clinics }: Played, origin: string, wanted?: string): Credentials {
  const clinic = wanted === undefined ? clinics[0] : clinics.find(({ id }) => id === wanted);
  const key = clinic?.keys.find(({ status }) => status === 'active');
  if (!clinic || !key) {
    throw new Problem({
      code: 'option_invalid',
      what: clinic ? `The clinic ${clinic.id} has no active key.` : `There is no clinic ${wanted}.`,
      facts: { clinics: clinics.map(({ id }) => id).join(', ') },
      remedy: 'Name another with --clinic CLINIC.',
    });
  }
  const { clientId, clientSecret } = key;
  const path = serverUrl(api.document.servers).pathname.replace(/\/$/, '');
  return {
    tokenUrl: origin + paths.token.replace('{clinic}', clinic.id),
    clientId,
    clientSecret,
    baseUrl: origin + path,
  };
}
