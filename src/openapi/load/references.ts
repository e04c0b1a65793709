import { messageOf, Problem } from '../../util/errors.ts';
import { entriesOf, fromPointer, toPointer, valueAt } from '../../util/json.ts';
import { partsOf, type Kind } from '../structure.ts';
import type { SpecFile, SpecFiles } from './files.ts';

/** How `$ref`s to other machines are handled. */
export type Remote = 'allowed' | 'refused' | { remedy: string };

export interface Place {
  file: SpecFile;
  path: string[];
  kind: Kind;
}

/** A `$ref`, or a value of a discriminator's mapping that is one. */
export interface FoundReference {
  reference: string;
  path: string[];
}

/**
 * Reads every file that a specification refers to, and checks that every reference leads somewhere. What stands in
 * examples and extensions is data, and no reference.
 * @throws Problem naming the file, the line and the target of a reference that leads nowhere or to another machine.
 */
export async function loadReferenced(files: SpecFiles, main: SpecFile, remote: Remote): Promise<void> {
  // By identity, since a YAML alias may occur in many places, and even within itself.
  const seen = new Map<Kind, Set<object>>();
  const ahead: Place[] = [{ file: main, path: [], kind: 'document' }];
  for (let place = ahead.pop(); place; place = ahead.pop()) {
    const holder = valueAt(place.file.value, place.path);
    const known = seen.get(place.kind) ?? new Set();
    seen.set(place.kind, known);
    if (typeof holder !== 'object' || holder === null || known.has(holder)) continue;
    known.add(holder);
    for (const found of referencesOf(holder, place.kind)) ahead.push(await load(files, place, found, remote));
    for (const part of partsOf(holder, place.kind)) {
      ahead.push({ file: place.file, path: [...place.path, ...part.path], kind: part.kind });
    }
  }
}

async function load(
  files: SpecFiles,
  { file, path, kind }: Place,
  { reference, path: last }: FoundReference,
  remote: Remote,
): Promise<Place> {
  const fail = (reason: string, remedy?: string): Problem =>
    unresolved(file.locate([...path, ...last]), reference, [...path, ...last], reason, remedy);
  const target = targetOf(reference, file.url);
  if (!target) throw fail('It is neither a path, nor a URL of http or https, nor a JSON pointer.');
  if (!target.url.startsWith('file:') && remote !== 'allowed') {
    throw fail('The toolkit works offline and fetches nothing.', remote === 'refused' ? undefined : remote.remedy);
  }
  let found: SpecFile;
  try {
    found = await files.read(target.url);
  } catch (error) {
    throw fail(messageOf(error).replace(/, open .*$/, '.'));
  }
  if (valueAt(found.value, target.path) === undefined) {
    throw fail(`Nothing stands there in ${found === file ? 'this file' : found.name}.`);
  }
  return { file: found, path: target.path, kind };
}

/** The references that an object of the document has itself, its parts left aside. */
export function referencesOf(holder: object, kind: Kind): FoundReference[] {
  const found: FoundReference[] = [];
  if ('$ref' in holder && typeof holder.$ref === 'string') found.push({ reference: holder.$ref, path: ['$ref'] });
  const mapping = kind === 'schemas' ? valueAt(holder, ['discriminator', 'mapping']) : undefined;
  for (const [value, reference] of entriesOf(mapping)) {
    if (typeof reference === 'string' && isMappedReference(reference))
      found.push({ reference, path: ['discriminator', 'mapping', value] });
  }
  return found;
}

/** A discriminator may map to a reference, or to the bare name of a schema. */
export function isMappedReference(value: string): boolean {
  return /[#/]|\.(?:ya?ml|json)$/.test(value);
}

/** Where a reference leads, or undefined where it cannot be followed. */
export function targetOf(reference: string, base: string): { url: string; path: string[] } | undefined {
  const [file = '', fragment = ''] = reference.split(/#(.*)/s);
  if (fragment !== '' && !fragment.startsWith('/')) return undefined;
  const { href, protocol } = URL.canParse(file, base) ? new URL(file === '' ? base : file, base) : new URL('none:');
  // A file may lead to its neighbours; a page of the web must not lead into this machine.
  const reachable = protocol === 'http:' || protocol === 'https:' || (protocol === 'file:' && base.startsWith('file:'));
  return reachable && !/^file:/i.test(file) ? { url: href, path: fromPointer(fragment) } : undefined;
}

export function keyOf(url: string, path: readonly string[], kind: Kind): string {
  return `${kind} ${url}#${toPointer(path)}`;
}

function unresolved(
  where: string,
  reference: string,
  path: string[],
  reason: string,
  remedy = 'Correct the $ref, or add what it points to.',
): Problem {
  return new Problem({
    code: 'reference_unresolved',
    what: `The reference ${reference} cannot be resolved.`,
    where,
    facts: { at: toPointer(path), reason },
    remedy,
  });
}
