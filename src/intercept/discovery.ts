import { readFile } from 'node:fs/promises';
import { fillTemplate } from '../openapi/path-template.ts';
import { Problem } from '../util/errors.ts';
import { packageFile } from '../util/files.ts';
import { fieldsOf, isList, parseJson } from '../util/json.ts';
import type { AccountWord } from '../mock/clinics/account.ts';
import type { ClinicCredentials } from './child/environment.ts';

/** What the environment of a program needs to know of an API. */
export interface Discovery {
  hosts: readonly string[];
  /** Origin of the live API, such as `https://api.example.com`; missing if the document names only loopback. */
  origin?: string;
  /** Origin of the token URL, if the document names one of its own. */
  tokenOrigin?: string;
  /** Path of the token URL, perhaps with the parameter `{clinic}`. */
  tokenPath: string;
  /** Path of the first server, such as `/api/v1`. */
  basePath: string;
  /** What messages call them; `clinic` unless given. */
  word?: AccountWord;
  /** Clinics, each with its first active key. */
  clinics: readonly { id: string; key?: Pick<ClinicCredentials, 'clientId' | 'clientSecret'> }[];
}

/** Reads what the build prepared from the bundled document and clinics, to start `exec` faster; undefined without a build. */
export async function readBuiltDiscovery(): Promise<Discovery | undefined> {
  const value = parseJson(await readFile(packageFile('dist/outline.json'), 'utf8').catch(() => ''));
  return isDiscovery(value) ? value : undefined;
}

function isDiscovery(value: unknown): value is Discovery {
  const { hosts, tokenPath, basePath, origin = '', tokenOrigin = '', clinics } = fieldsOf(value) ?? {};
  const isNamed = (clinic: unknown): boolean => {
    const { id, key = { clientId: '', clientSecret: '' } } = fieldsOf(clinic) ?? {};
    const { clientId, clientSecret } = fieldsOf(key) ?? {};
    return [id, clientId, clientSecret].every((text) => typeof text === 'string');
  };
  return (
    isList(hosts) &&
    [...hosts, tokenPath, basePath, origin, tokenOrigin].every((text) => typeof text === 'string') &&
    isList(clinics) &&
    clinics.every(isNamed)
  );
}

/** @throws Problem if there is no such clinic, or it has no active key. */
export function credentialsOf(
  { origin: live, tokenOrigin, clinics, tokenPath, basePath, word = 'clinic' }: Discovery,
  origin: string,
  wanted?: string,
): ClinicCredentials {
  const clinic = wanted === undefined ? clinics[0] : clinics.find(({ id }) => id === wanted);
  if (!clinic?.key) {
    throw new Problem({
      code: 'option_invalid',
      what: clinic ? `The ${word} ${clinic.id} has no active key.` : `There is no ${word} ${wanted}.`,
      facts: { [`${word}s`]: clinics.map(({ id }) => id).join(', ') },
      remedy: `Name another with --${word} ${word.toUpperCase()}.`,
    });
  }
  return {
    tokenUrl: (origin === live ? (tokenOrigin ?? origin) : origin) + fillTemplate(tokenPath, { clinic: clinic.id }),
    baseUrl: origin + basePath,
    ...clinic.key,
  };
}
