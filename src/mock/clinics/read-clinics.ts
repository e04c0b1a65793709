import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import addFormats from 'ajv-formats';
import { Ajv2020, type JSONSchemaType } from 'ajv/dist/2020.js';
import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../openapi/operations.ts';
import { documentedStatus, successMediaType, successSchema } from '../../openapi/responses.ts';
import { describeViolation, type Violation } from '../../openapi/schema-checker.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { messageOf, Problem, type ProblemCode } from '../../util/errors.ts';
import { displayPath, readRegular } from '../../util/files.ts';
import { parseYamlFile, YamlSyntaxError, type YamlFile } from '../../util/yaml-file.ts';
import { accountWord, inWordsOf, type AccountWord } from './account.ts';
import { caseMistake, readCases, type Case } from './cases.ts';
import type { Clinic, KeyStatus } from './clinic.ts';
import { readInstant } from '../state/clock.ts';

/**
 * Reads the clinics of a folder, one file each (`.yaml`, `.yml` or `.json`), in the order of their ids, and checks each
 * answer against the specification's schema.
 * @throws Problem if the folder is missing or empty, or a file is invalid.
 */
export async function readClinics(folder: string, api: Api): Promise<Clinic[]> {
  const read: ReadClinic[] = [];
  const word = accountWord(api);
  for (const file of await listFiles(folder, word)) read.push(await readClinic(join(folder, file), api, word));
  refuseDuplicates(read, word);
  return read.map(({ clinic }) => clinic);
}

async function listFiles(folder: string, word: AccountWord): Promise<string[]> {
  const where = displayPath(folder);
  const entries = await readdir(folder).catch((cause: unknown) => {
    const what = `The ${word}s folder does not exist or cannot be read.`;
    const remedy =
      word === 'clinic'
        ? 'Name a folder with --clinics FOLDER, or omit the option to use the bundled clinics.'
        : 'Name a folder with --accounts FOLDER, or omit the option to get one account.';
    throw new Problem({ code: 'clinics_missing', what, where, remedy }, { cause });
  });
  const files = entries.filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  if (files.length > 0) return files;
  throw new Problem({
    code: 'clinics_missing',
    what: `The ${word}s folder is empty.`,
    where,
    facts: { expected: `one .yaml file for each ${word}` },
    remedy: `Put a file into the folder, or name another one with --${word}s FOLDER.`,
  });
}

/** A clinic and the name of its file as a person would type it. */
interface ReadClinic {
  clinic: Clinic;
  file: string;
}

async function readClinic(path: string, api: Api, word: AccountWord): Promise<ReadClinic> {
  const file = displayPath(path);
  const id = clinicId(path, file, word);
  const yaml = await parseClinic(path, file, word);
  const { value } = yaml;
  if (!isClinicFile(value)) throw invalidFile({ [word]: id }, yaml, word);
  const responses = value.responses ?? {};
  checkResponses(responses, { [word]: id }, yaml, api);
  const given = Object.entries(value.collections ?? {});
  // Imported late, since few clinics have collections.
  const read = given.length === 0 ? undefined : await import('./read-collections.ts');
  const collections = read?.readCollections(given, { [word]: id }, yaml, api);
  const keys = value.keys.map(({ expiresAt, ...key }) => ({
    ...key,
    clinic: id,
    expiresAt: typeof expiresAt === 'string' ? readInstant(expiresAt).getTime() : undefined,
  }));
  const answers = new Map(Object.entries(responses));
  return { file, clinic: { id, name: value.name, keys, responses: answers, collections } };
}

function clinicId(path: string, file: string, word: AccountWord): string {
  const { name } = parse(path);
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return name;
  throw new Problem({
    code: 'clinic_invalid',
    what: `Invalid ${word} id in the file name: ${name}`,
    where: file,
    facts: { expected: 'lower-case letters, digits and hyphens, since the id is part of the token URL' },
    remedy: 'Rename the file.',
  });
}

async function parseClinic(path: string, file: string, word: AccountWord): Promise<YamlFile> {
  try {
    return parseYamlFile(file, await readRegular(path));
  } catch (cause) {
    const syntax = cause instanceof YamlSyntaxError ? cause : undefined;
    const what = syntax ? `The ${word} is neither YAML nor JSON.` : `The ${word} cannot be read.`;
    const remedy = syntax ? 'Correct the file at this place.' : 'Make the file readable, or remove it from the folder.';
    const facts = { reason: messageOf(cause) };
    throw new Problem({ code: 'clinic_unreadable', what, where: syntax?.where ?? file, facts, remedy }, { cause });
  }
}

function invalidFile(whose: Record<string, string>, yaml: YamlFile, word: AccountWord): Problem {
  const [first] = (isClinicFile.errors ?? []).map(describeViolation);
  const { path, expected } = first ?? {};
  const found = path?.includes('clientSecret') ? 'a text that is not shown' : first?.found;
  return new Problem({
    code: 'clinic_invalid',
    what: `Invalid ${word} file.`,
    where: yaml.locate(first?.steps ?? []),
    facts: { ...whose, path, expected, found },
    remedy: 'Correct the file; docs/clinics.md describes it.',
  });
}

interface ClinicFile {
  name: string;
  keys: { clientId: string; clientSecret: string; status: KeyStatus; expiresAt?: string | null }[];
  responses?: Record<string, unknown>;
  collections?: Record<string, unknown>;
}

const schema: JSONSchemaType<Pick<ClinicFile, 'name' | 'keys'> & { responses?: object; collections?: object }> = {
  type: 'object',
  required: ['name', 'keys'],
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
    responses: { type: 'object', nullable: true },
    collections: { type: 'object', nullable: true },
  },
};

// The compiler checks the schema; checking it again takes a tenth of a second of each start.
const ajv = new Ajv2020({ allErrors: true, verbose: true, validateSchema: false });
addFormats.default(ajv);

const isClinicFile = ajv.compile<ClinicFile>(schema);

/** Ids must be unique: a clinic's is part of its token URL, a key's of each of its tokens. */
function refuseDuplicates(read: readonly ReadClinic[], word: AccountWord): void {
  const clinics = read.map(({ clinic, file }): [string, string] => [clinic.id, file]);
  refuseTwice('clinic_duplicate', clinics, `${word}s have the id`, 'Rename one of the files; its name is the id.');
  const keys = read.flatMap(({ clinic, file }) => clinic.keys.map((key): [string, string] => [key.clientId, file]));
  refuseTwice(
    'key_duplicate',
    keys,
    'keys have the clientId',
    `Give each key a clientId of its own, also across ${word}s.`,
  );
}

function refuseTwice(
  code: ProblemCode,
  ids: readonly [id: string, file: string][],
  what: string,
  remedy: string,
): void {
  const known = new Map<string, string>();
  for (const [id, second] of ids) {
    const first = known.get(id);
    if (first !== undefined) {
      throw new Problem({ code, what: `Two ${what} ${id}.`, where: second, facts: { first, second }, remedy });
    }
    known.set(id, second);
  }
}

function checkResponses(
  responses: Record<string, unknown>,
  whose: Record<string, string>,
  yaml: YamlFile,
  api: Api,
): void {
  for (const [id, value] of Object.entries(responses)) {
    const cases = readCases(value);
    const operation = operationOf(id, whose, yaml, api, cases !== undefined);
    for (const each of cases ?? [{ when: undefined, status: undefined, body: value, steps: [] }]) {
      const wrong = wrongCase(each, operation, cases?.at(-1) === each || cases === undefined);
      if (wrong) throw wrongFixture(whose, id, yaml, [...each.steps.slice(0, 1), ...wrong.steps], wrong);
      const { documented } = statusOf(each, operation);
      const schema = each.body === undefined ? undefined : successSchema(api.document, operation, documented);
      const [first, ...more] = schema ? api.schemas.check(schema, each.body, 'answer') : [];
      const mistake = first && !cases ? caseMistake(value) : undefined;
      if (mistake) throw wrongFixture(whose, id, yaml, mistake.steps, { path: '$', remedy: remedyOfCase, ...mistake });
      if (first) throw wrongFixture(whose, id, yaml, [...each.steps, ...first.steps], first, more.length);
    }
  }
}

const remedyOfCase = 'Correct the case; docs/clinics.md describes them.';

function wrongFixture(
  whose: Record<string, string>,
  operation: string,
  yaml: YamlFile,
  steps: readonly string[],
  { path, expected, found, remedy }: Pick<Violation, 'path' | 'expected' | 'found'> & { remedy?: string },
  others = 0,
): Problem {
  const further = others > 0 ? `${others} more in this answer` : undefined;
  return new Problem({
    code: 'fixture_invalid',
    what: 'The answer does not conform to the specification.',
    where: yaml.locate(['responses', operation, ...steps]),
    facts: { ...whose, operation, path, expected, found, further },
    remedy: remedy ?? 'Correct the fixture, or the schema in the specification if the API really answers so.',
  });
}

function statusOf({ status }: Case, { statuses, usualStatus }: Operation): { documented: string | undefined } {
  return { documented: status === undefined ? usualStatus : documentedStatus(statuses, status) };
}

/** What is wrong with a case itself, whatever its body. */
function wrongCase(each: Case, operation: Operation, isLast: boolean): Omit<Violation, 'keyword'> | undefined {
  const { when, status } = each;
  if (!when && !isLast) {
    return { path: '$', steps: ['otherwise'], expected: '`otherwise` in the last case alone', found: 'further cases' };
  }
  if (status !== undefined && statusOf(each, operation).documented === undefined) {
    const expected = `a documented status: ${operation.statuses.join(', ')}`;
    return { path: '$', steps: ['status'], expected, found: String(status) };
  }
  const known = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const unknown = Object.keys(when?.path ?? {}).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const expected = known.length > 0 ? `a parameter of the path: ${known.join(', ')}` : 'no parameter of the path';
  return { path: '$', steps: ['when', 'path', unknown], expected, found: unknown };
}

/** The operation of an answer. @throws Problem if a clinic cannot give that answer. */
function operationOf(
  operationId: string,
  whose: Record<string, string>,
  yaml: YamlFile,
  api: Api,
  hasCases: boolean,
): Operation {
  const { document, operations } = api;
  const word = accountWord(api);
  const hasFixture = (each: Operation): boolean => {
    return !each.issuesTokens && (hasCases || successMediaType(document, each, each.usualStatus) !== undefined);
  };
  const operation = operations.find(({ id }) => id === operationId);
  if (operation && hasFixture(operation)) return operation;
  const ids = operations.filter(hasFixture).map(({ id }) => id);
  const suggestion = nearest(operationId, ids);
  throw new Problem({
    code: 'fixture_invalid',
    what: operation
      ? `The operation ${operationId} has no answer that ${inWordsOf(word, 'a clinic')} could give: it has no body.`
      : `The specification has no operation ${operationId}.`,
    where: yaml.locate(['responses', operationId]),
    facts: {
      ...whose,
      operation: operationId,
      path: '$',
      expected: ids.length > 0 ? `one of ${ids.join(', ')}` : 'no answers',
      found: operationId,
    },
    remedy: suggestion
      ? `Did you mean ${suggestion}?`
      : `Remove the answer, add the operation to the specification, or name other ${word}s with --${word}s FOLDER.`,
  });
}
