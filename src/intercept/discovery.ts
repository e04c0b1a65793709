import { readFile } from 'node:fs/promises';
import { paths } from '../mock/routing/paths.ts';
import { Problem } from '../util/errors.ts';
import { packageFile } from '../util/files.ts';
import { fieldsOf, parseJson } from '../util/json.ts';
import type { Credentials } from './child/index.ts';

/** The facts of an API that the environment of a program is made of. */
export interface Discovery {
  /** The hosts to intercept. */
  hosts: readonly string[];
  /** Origin of the live API, such as `https://api.example.com`; none if the document names only loopback. */
  origin?: string;
  /** Path of the first server, such as `/api/v1`. */
  basePath: string;
  /** Clinics, each with its first active key. */
  clinics: readonly { id: string; key?: Pick<Credentials, 'clientId' | 'clientSecret'> }[];
}

/** Written by the build: reading the bundled document and clinics takes longer than all else at the start of `exec`. */
const built = 'dist/outline.json';

/** @returns undefined without a build. */
export async function readBuiltDiscovery(): Promise<Discovery | undefined> {
  const text = await readFile(packageFile(built), 'utf8').catch(() => '');
  const value = parseJson(text);
  return isDiscovery(value) ? value : undefined;
}

function isDiscovery(value: unknown): value is Discovery {
  const { hosts, basePath, origin = '', clinics } = fieldsOf(value) ?? {};
  const isNamed = (clinic: unknown): boolean => {
    const { id, key = { clientId: '', clientSecret: '' } } = fieldsOf(clinic) ?? {};
    const { clientId, clientSecret } = fieldsOf(key) ?? {};
    return [id, clientId, clientSecret].every((text) => typeof text === 'string');
  };
  return (
    Array.isArray(hosts) &&
    [...hosts, basePath, origin].every((text) => typeof text === 'string') &&
    Array.isArray(clinics) &&
    clinics.every(isNamed)
  );
}

/**
 * The credentials of a clinic for a program that reaches the mock at an origin.
 * @throws Problem if there is no such clinic, or it has no active key.
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
