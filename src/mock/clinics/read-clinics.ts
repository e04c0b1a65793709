import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from '../../openapi/api.ts';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../util/errors.ts';
import type { Clinic } from './clinic.ts';
import { refuseDuplicates } from './duplicates.ts';
import { readClinic, type ReadClinic } from './read-clinic.ts';

/**
 * Reads the clinics of a folder, one file each (`.yaml`, `.yml` or `.json`), in the order of their ids, and checks each
 * answer against the specification's schema.
 * @throws Problem if the folder is missing or empty, or a file is not as it should be.
 */
export async function readClinics(folder: string, api: Api): Promise<Clinic[]> {
  const read: ReadClinic[] = [];
  for (const file of await listFiles(folder)) read.push(await readClinic(join(folder, file), api));
  refuseDuplicates(read);
  return read.map(({ clinic }) => clinic);
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new Problem(
      {
        code: 'clinics_missing',
        what: 'The folder of clinics does not exist or cannot be read.',
        where: displayPath(folder),
        remedy: 'Name a folder with --clinics FOLDER, or leave the option out to use the clinics that come along.',
      },
      { cause: error },
    );
  });
  const files = entries.filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  if (files.length > 0) return files;
  throw new Problem({
    code: 'clinics_missing',
    what: 'The folder of clinics is empty.',
    where: displayPath(folder),
    facts: { expected: 'one .yaml file for each clinic' },
    remedy: 'Put a clinic into the folder, or name another one with --clinics FOLDER.',
  });
}
