import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Api } from '../../spec/api.ts';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../spec/problem.ts';
import { describeViolation } from '../../spec/violation.ts';
import { parseYamlFile, YamlSyntaxError, type YamlFile } from '../../spec/yaml-file.ts';
import { checkResponses } from './check-responses.ts';
import { isClinicFile } from './clinic-file.ts';
import type { Clinic } from './clinic.ts';
import { refuseDuplicates } from './duplicates.ts';

/** One clinic together with the file that it came from. */
export interface ReadClinic {
  clinic: Clinic;
  /** The file's name as a person would type it. */
  file: string;
}

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

async function readClinic(path: string, api: Api): Promise<ReadClinic> {
  const file = displayPath(path);
  const id = clinicId(path, file);
  const yaml = parseClinic(file, await readFile(path, 'utf8'));
  const { value } = yaml;
  if (!isClinicFile(value)) throw invalidFile(id, yaml);
  checkResponses(value.responses, id, yaml, api);
  const keys = value.keys.map(({ expiresAt, ...key }) => ({
    ...key,
    clinic: id,
    expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
  }));
  return { file, clinic: { id, name: value.name, keys, responses: new Map(Object.entries(value.responses)) } };
}

function clinicId(path: string, file: string): string {
  const { name } = parse(path);
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return name;
  throw new Problem({
    code: 'clinic_invalid',
    what: `The file's name does not make a clinic's id: ${name}`,
    where: file,
    facts: { expected: 'small letters, digits and hyphens, since the id stands in the token URL' },
    remedy: 'Rename the file.',
  });
}

function parseClinic(file: string, text: string): YamlFile {
  try {
    return parseYamlFile(file, text);
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    throw new Problem({
      code: 'clinic_unreadable',
      what: 'The clinic is neither YAML nor JSON.',
      where: error.where,
      facts: { reason: error.message },
      remedy: 'Correct the file at this place.',
    });
  }
}

function invalidFile(id: string, yaml: YamlFile): Problem {
  const [first] = (isClinicFile.errors ?? []).map(describeViolation);
  return new Problem({
    code: 'clinic_invalid',
    what: 'The clinic is not described as it should be.',
    where: yaml.locate(first?.steps ?? []),
    facts: { clinic: id, path: first?.path, expected: first?.expected, found: first?.found },
    remedy: 'Correct the file; docs/clinics.md describes it.',
  });
}
