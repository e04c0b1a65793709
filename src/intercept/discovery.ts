import { readFile } from 'node:fs/promises';
import { paths } from '../mock/routing/paths.ts';
import { packageFile } from '../util/files.ts';
import { Problem } from '../util/errors.ts';
import type { Credentials } from './child/index.ts';

/** What the environment of a program is made of, before anything is played. */
export interface Discovery {
  /** The hosts that are played. */
  hosts: readonly string[];
  /** Where the API stands in earnest, such as `https://api.example.com`; none where it says no host but this machine. */
  origin?: string;
  /** Where its paths stand below, such as `/api/v1`. */
  basePath: string;
  /** Clinics with the first of their keys that is good, where one is. */
  clinics: readonly { id: string; key?: Pick<Credentials, 'clientId' | 'clientSecret'> }[];
}

/** The outline of what comes along, written by the build: to read specification and clinics takes longer than all else. */
const prepared = 'dist/outline.json';

/** @returns undefined where there was no build. */
export async function readBuiltDiscovery(): Promise<Discovery | undefined> {
  const text = await readFile(packageFile(prepared), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * What a clinic hands out to a program that meets the mock at an origin.
 * @throws Problem if there is no such clinic, or no key of it is good.
 */
export function credentialsOf({ clinics, basePath }: Discovery, origin: string, wanted?: string): Credentials {
  const clinic = wanted === undefined ? clinics[0] : clinics.find(({ id }) => id === wanted);
  if (!clinic?.key) {
    throw new Problem({
      code: 'option_invalid',
      what: clinic ? `The clinic ${clinic.id} has no active key.` : `There is no clinic ${wanted}.`,
      facts: { clinics: clinics.map(({ id }) => id).join(', ') },
      remedy: 'Name another with --clinic CLINIC.',
    });
  }
  const { clientId, clientSecret } = clinic.key;
  return {
    tokenUrl: origin + paths.token.replace('{clinic}', clinic.id),
    clientId,
    clientSecret,
    baseUrl: origin + basePath,
  };
}
