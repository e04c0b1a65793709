import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import addFormats from 'ajv-formats';
import { Ajv2020, type JSONSchemaType } from 'ajv/dist/2020.js';
import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../openapi/operations.ts';
import { successSchema } from '../../openapi/responses.ts';
import { describeViolation } from '../../openapi/schema-checker.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { messageOf, Problem } from '../../util/errors.ts';
import { displayPath } from '../../util/files.ts';
import { parseYamlFile, YamlSyntaxError, type YamlFile } from '../../util/yaml-file.ts';
import { bearerScopes } from '../auth/bearer.ts';
import type { Clinic, KeyStatus } from './clinic.ts';

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
        remedy: 'Name a folder with --clinics FOLDER, or omit the option to use the bundled clinics.',
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

/** What stands in one file of the clinics folder. */
export interface ClinicFile {
  name: string;
  keys: { clientId: string; clientSecret: string; status: KeyStatus; expiresAt?: string }[];
  responses: Record<string, unknown>;
}

const schema: JSONSchemaType<Omit<ClinicFile, 'responses'> & { responses: object }> = {
  type: 'object',
  required: ['name', 'keys', 'responses'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1 },
    keys: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['clientId', 'clientSecret', 'status'],
        additionalProperties: false,
        properties: {
          // RFC 6749 appendix A.1 and A.2; a colon in the id would end it in HTTP Basic.
          clientId: { type: 'string', pattern: '^[ -9;-~]+$' },
          clientSecret: { type: 'string', pattern: '^[ -~]+$' },
          status: { type: 'string', enum: ['active', 'revoked', 'expired'] },
          expiresAt: { type: 'string', format: 'date-time', nullable: true },
        },
      },
    },
    responses: { type: 'object' },
  },
};

// The compiler has checked the schema; to check it again takes a tenth of a second of each start.
const ajv = new Ajv2020({ allErrors: true, verbose: true, validateSchema: false });
addFormats.default(ajv);

/** Tells whether a value has the shape of a clinic's file; afterwards `isClinicFile.errors` says why not. */
export const isClinicFile = ajv.compile<ClinicFile>(schema);

/**
 * Ids must be unique: a clinic's stands in its token URL, a key's in each of its tokens.
 * @throws Problem naming both places.
 */
export function refuseDuplicates(read: readonly ReadClinic[]): void {
  const clinics = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const { clinic, file } of read) {
    const other = clinics.get(clinic.id);
    if (other !== undefined) {
      throw new Problem({
        code: 'clinic_duplicate',
        what: `Two clinics have the id ${clinic.id}.`,
        where: file,
        facts: { first: other, second: file },
        remedy: 'Rename one of the files; its name is the id.',
      });
    }
    clinics.set(clinic.id, file);
    for (const { clientId } of clinic.keys) {
      const holder = keys.get(clientId);
      if (holder !== undefined) {
        throw new Problem({
          code: 'key_duplicate',
          what: `Two keys have the clientId ${clientId}.`,
          where: file,
          facts: { first: holder, second: file },
          remedy: 'Give each key a clientId of its own, also across clinics.',
        });
      }
      keys.set(clientId, file);
    }
  }
}

/**
 * Checks a clinic's answers against the schemas of the specification.
 * @throws Problem naming the clinic, the operation, the JSON path, what was expected and what was found.
 */
export function checkResponses(responses: Record<string, unknown>, clinic: string, yaml: YamlFile, api: Api): void {
  for (const [operationId, body] of Object.entries(responses)) {
    const schema = schemaOf(operationId, clinic, yaml, api);
    const [first, ...more] = api.schemas.check(schema, body);
    if (!first) continue;
    throw new Problem({
      code: 'fixture_invalid',
      what: 'The answer does not conform to the specification.',
      where: yaml.locate(['responses', operationId, ...first.steps]),
      facts: {
        clinic,
        operation: operationId,
        path: first.path,
        expected: first.expected,
        found: first.found,
        further: more.length > 0 ? `${more.length} more in this answer` : undefined,
      },
      remedy: 'Correct the fixture, or the schema in the specification if the API really answers so.',
    });
  }
}

function schemaOf(operationId: string, clinic: string, yaml: YamlFile, api: Api): string[] {
  const operation = api.operations.find(({ id }) => id === operationId);
  const steps = operation && hasFixture(operation) ? successSchema(api.document, operation) : undefined;
  if (steps) return steps;
  const possible = api.operations.filter((other) => hasFixture(other) && successSchema(api.document, other));
  const ids = possible.map(({ id }) => id);
  const suggestion = nearest(operationId, ids);
  throw new Problem({
    code: 'fixture_invalid',
    what: operation
      ? `The operation ${operationId} has no answer that a clinic could give: no body, or no token that tells the clinic.`
      : `The specification has no operation ${operationId}.`,
    where: yaml.locate(['responses', operationId]),
    facts: { clinic, operation: operationId, path: '$', expected: `one of ${ids.join(', ')}`, found: operationId },
    remedy: suggestion
      ? `Did you mean ${suggestion}?`
      : 'Take the answer out, add the operation to the specification, or name other clinics with --clinics FOLDER.',
  });
}

/** Only a bearer token tells the clinic; what is open to all has the specification's own example. */
function hasFixture(operation: Operation): boolean {
  return !operation.issuesTokens && bearerScopes(operation) !== undefined;
}
