import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import type { Api } from '../../openapi/api.ts';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../util/errors.ts';
import { messageOf } from '../../spec/thrown.ts';
import { describeViolation } from '../../spec/violation.ts';
import { parseYamlFile, YamlSyntaxError, type YamlFile } from '../../util/yaml-file.ts';
import { checkResponses } from './check-responses.ts';
import { isClinicFile } from './clinic-file.ts';
import type { Clinic } from './clinic.ts';

/** One clinic together with the file that it came from. */
export interface ReadClinic {
  clinic: Clinic;
  /** The file's name as a person would type it. */
  file: string;
}

/**
 * Reads one clinic and checks each of its answers against the specification's schema.
 * @throws Problem naming the place in the file.
 */
export async function readClinic(path: string, api: Api): Promise<ReadClinic> {
  const file = displayPath(path);
  const id = clinicId(path, file);
  const yaml = parseClinic(file, await readText(path, file));
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

async function readText(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Problem(
      {
        code: 'clinic_unreadable',
        what: 'The clinic cannot be read.',
        where: file,
        facts: { reason: messageOf(error) },
        remedy: 'Make it a file that you may read, or take it out of the folder.',
      },
      { cause: error },
    );
  }
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
    facts: {
      clinic: id,
      path: first?.path,
      expected: first?.expected,
      found: first?.path.includes('clientSecret') ? 'a text that is not shown' : first?.found,
    },
    remedy: 'Correct the file; docs/clinics.md describes it.',
  });
}
