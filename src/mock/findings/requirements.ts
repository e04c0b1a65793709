import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readClientRules } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { Problem } from '../../util/errors.ts';
import { packageFile } from '../../util/files.ts';
import { entriesOf, fieldsOf } from '../../util/json.ts';
import { parseYamlFile } from '../../util/yaml-file.ts';

/** What a program that calls an API has to do. */
export interface ClientRequirement {
  /** Such as `token-cached`. */
  id: string;
  level: 'must' | 'should';
  /** The sentence: what the program does. */
  requires: string;
  /** Why it matters. */
  why: string;
  /** What to change in a program that does not meet it. */
  change: string;
  /** Where it is documented: the vendor's own statement, and the section of an RFC. */
  sources: string[];
}

/** Requirements of one date. */
export interface RequirementSet {
  /** Such as `2026-12`. */
  date: string;
  requirements: ClientRequirement[];
}

const folder = packageFile('openapi/client-rules');

/**
 * Reads a set of requirements, with what a document says of them.
 * @param date of the set; default: the newest.
 * @throws Problem if there is no set of the date.
 */
export async function readRequirements(document: OpenApiDocument, date?: string): Promise<RequirementSet> {
  const dates = (await readdir(folder)).map((name) => name.replace(/\.yaml$/, '')).toSorted();
  const wanted = date ?? dates.at(-1) ?? '';
  if (!dates.includes(wanted)) {
    throw new Problem({
      code: 'option_invalid',
      what: `There are no requirements of ${wanted}.`,
      facts: { expected: dates.join(', ') },
      remedy: 'Name one of these with --requirements DATE, or omit the option for the newest.',
    });
  }
  const file = join(folder, `${wanted}.yaml`);
  const { value } = parseYamlFile(file, await readFile(file, 'utf8'));
  const said = readClientRules(document);
  const requirements = entriesOf(value).map(([id, entry]): ClientRequirement => {
    const fields = new Map(Object.entries(fieldsOf(entry) ?? {}));
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : '';
    };
    const own = said.get(id);
    const sources = [own?.source, fields.get('rfc')].filter((each) => typeof each === 'string');
    const level = own?.level ?? (text('level') === 'should' ? 'should' : 'must');
    return { id, level, requires: text('requires'), why: text('why'), change: text('change'), sources };
  });
  return { date: wanted, requirements };
}

/**
 * The requirements with the ids.
 * @throws Problem if one has no such id.
 */
export function selectRequirements(set: RequirementSet, ids: readonly string[] | undefined): RequirementSet {
  if (!ids) return set;
  const known = set.requirements.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return { ...set, requirements: set.requirements.filter(({ id }) => ids.includes(id)) };
  const meant = nearest(unknown, known);
  throw new Problem({
    code: 'option_invalid',
    what: `There is no requirement ${unknown}.`,
    remedy: meant === undefined ? 'List them with --list.' : `Did you mean ${meant}? --list names all.`,
  });
}
