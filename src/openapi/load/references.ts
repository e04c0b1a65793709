import { posix } from 'node:path';
import { messageOf, Problem } from '../../util/errors.ts';
import {
  entriesOf,
  fieldsOf,
  fromPointer,
  isFields,
  isList,
  toPointer,
  valueAt,
  type Fields,
} from '../../util/json.ts';
import { containersOf, hasNoComponents, partsOf, type Kind } from '../structure.ts';
import type { SpecFile, SpecFiles } from './files.ts';
import { mend, type Warn } from './mend.ts';

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
 * Reads every file that a specification refers to, checks that every reference leads somewhere, and mends what no reader
 * of the document could use. What stands in examples and extensions is data, and no reference.
 * @param warnings gets what was mended.
 * @throws Problem naming the file, the line and the target of a reference that leads nowhere or to another machine.
 */
export async function loadReferenced(
  files: SpecFiles,
  main: SpecFile,
  remote: Remote,
  warnings: Set<string>,
): Promise<void> {
  const old = String(valueAt(main.value, ['openapi'])).startsWith('3.0');
  // By identity, since a YAML alias may occur in many places, and even within itself.
  const seen = new Map<Kind, Set<object>>();
  const ahead: Place[] = [{ file: main, path: [], kind: 'document' }];
  for (let place = ahead.pop(); place; place = ahead.pop()) {
    const holder = valueAt(place.file.value, place.path);
    const known = seen.get(place.kind) ?? new Set();
    seen.set(place.kind, known);
    if (!isFields(holder) || known.has(holder)) continue;
    known.add(holder);
    const warn: Warn = (path, predicate) => {
      const at = [...place.path, ...path];
      warnings.add(`${place.file.locate(at)}: ${toPointer(at)} ${predicate}`);
    };
    await new Expansion(files, place, remote, warn).expand(holder);
    mend(holder, place.kind, old, warn);
    for (const found of referencesOf(holder, place.kind)) {
      const target = await load(files, place, found, remote).catch((error: unknown) => {
        const [, , value] = found.path;
        if (value === undefined) throw error;
        delete fieldsOf(valueAt(holder, found.path.slice(0, -1)))?.[value];
        warn(found.path, `leads nowhere and is ignored: ${found.reference}`);
      });
      if (target) ahead.push(target);
    }
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
    throw fail(messageOf(error).replace(/, open .*$/s, '.'));
  }
  if (valueAt(found.value, target.path) !== undefined) return { file: found, path: target.path, kind };
  // On the way may be a reference that has not been followed yet.
  for (const length of target.path.keys()) {
    const way = target.path.slice(0, length);
    const next = valueAt(found.value, [...way, '$ref']);
    const rest = toFragment(target.path.slice(length));
    if (typeof next !== 'string') continue;
    const whole = next.includes('#') ? next + rest : `${next}#${rest}`;
    return load(files, { file: found, path: way, kind }, { reference: whole, path: ['$ref'] }, remote);
  }
  throw fail(`Nothing stands there in ${found === file ? 'this file' : found.name}.`);
}

function toFragment(path: readonly string[]): string {
  return path.map((step) => toPointer([encodeURIComponent(step)])).join('');
}

const followed = 'stands where OpenAPI has no reference, and is followed.';

/** Puts in the place of references that OpenAPI does not know what they lead to, part by part. */
class Expansion {
  readonly #files: SpecFiles;
  readonly #place: Place;
  readonly #remote: Remote;
  readonly #warn: Warn;

  constructor(files: SpecFiles, place: Place, remote: Remote, warn: Warn) {
    this.#files = files;
    this.#place = place;
    this.#remote = remote;
    this.#warn = warn;
  }

  async expand(holder: Fields): Promise<void> {
    if (hasNoComponents(this.#place.kind) && typeof holder['$ref'] === 'string') this.#warn(['$ref'], followed);
    for (const { key, kind, list, names } of containersOf(holder, this.#place.kind)) {
      const { $ref: reference, ...own } = names;
      if (typeof reference !== 'string') continue;
      const parts = await this.#partsOf(reference, kind, [key, '$ref']);
      holder[key] = list ? Object.values(parts) : { ...parts, ...own };
      this.#warn([key, '$ref'], followed);
    }
    if (isList(holder['parameters'])) holder['parameters'] = await this.#withLists(holder['parameters']);
    const info = this.#place.kind === 'document' ? fieldsOf(holder['info']) : undefined;
    await this.#expandText(holder, []);
    if (info) await this.#expandText(info, ['info']);
  }

  /** Each part of an object or a list that a reference leads to, as a reference of its own. */
  async #partsOf(reference: string, kind: Kind, path: string[]): Promise<Fields> {
    let target = await load(this.#files, this.#place, { reference, path }, this.#remote);
    for (let hops = 0; hops < 100; hops += 1) {
      const next = valueAt(target.file.value, [...target.path, '$ref']);
      if (typeof next !== 'string') break;
      target = await load(this.#files, { ...target, kind }, { reference: next, path: ['$ref'] }, this.#remote);
    }
    const base = this.#place.file.url;
    const found = valueAt(target.file.value, target.path);
    return Object.fromEntries(
      Object.entries(isList(found) ? found : (fieldsOf(found) ?? {})).map(([name, value]: [string, unknown]) => {
        const part = referenceTo(target.file.url, [...target.path, name], base);
        return [name, isFields(value) && !name.startsWith('x-') ? { $ref: part } : value];
      }),
    );
  }

  async #withLists(list: unknown[]): Promise<unknown[]> {
    const whole: unknown[] = [];
    for (const [index, item] of list.entries()) {
      const reference = valueAt(item, ['$ref']);
      const target = typeof reference === 'string' ? targetOf(reference, this.#place.file.url) : undefined;
      const path = ['parameters', String(index), '$ref'];
      const read =
        target &&
        typeof reference === 'string' &&
        (await load(this.#files, this.#place, { reference, path }, this.#remote));
      if (read && typeof reference === 'string' && isList(valueAt(read.file.value, read.path))) {
        whole.push(...Object.values(await this.#partsOf(reference, 'parameters', path)));
        this.#warn(path, 'leads to a list of parameters, which stand in its place.');
      } else whole.push(item);
    }
    return whole;
  }

  async #textBeside(url: string): Promise<string | undefined> {
    if (url.startsWith('file:') && !(await this.#files.isInside(url))) return undefined;
    return this.#files.text(url);
  }

  /** A description in a file of its own. */
  async #expandText(holder: Fields, way: string[]): Promise<void> {
    const { $ref: reference } = fieldsOf(holder['description']) ?? {};
    if (typeof reference !== 'string' || this.#place.kind === 'components' || this.#place.kind === 'callbacks') return;
    const path = [...way, 'description', '$ref'];
    const target = targetOf(reference, this.#place.file.url);
    const whole = target && target.path.length === 0 && target.url !== this.#place.file.url;
    const allowed = target?.url.startsWith('file:') === true || this.#remote === 'allowed';
    // Any file is a text, so that one of another folder could be a secret.
    const found =
      whole && allowed
        ? await this.#textBeside(target.url).catch(() => undefined)
        : await load(this.#files, this.#place, { reference, path }, this.#remote).then(
            ({ file, path: steps }) => valueAt(file.value, steps),
            () => undefined,
          );
    const known = typeof found === 'string';
    if (known) holder['description'] = found;
    else delete holder['description'];
    this.#warn(path, known ? followed : 'leads to no text and is ignored.');
  }
}

/** A reference to a place, as another file has it. */
function referenceTo(url: string, path: readonly string[], base: string): string {
  const fragment = `#${toFragment(path)}`;
  if (url === base) return fragment;
  if (!url.startsWith('file:') || !base.startsWith('file:')) return url + fragment;
  return posix.relative(posix.dirname(new URL(base).pathname), new URL(url).pathname) + fragment;
}

/** The references that an object of the document has itself, its parts left aside. */
function referencesOf(holder: object, kind: Kind): FoundReference[] {
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
