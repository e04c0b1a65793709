import { basename } from 'node:path';
import { entriesOf, fieldsOf, toPointer, valueAt } from '../../util/json.ts';
import { isMappedReference, keyOf, targetOf } from './references.ts';
import type { SpecFile, SpecFiles } from './files.ts';
import { hasNoComponents, mapParts, mapValues, type Kind } from '../structure.ts';

export interface Bundled {
  value: unknown;
  /** `file:line` of what stands at a path of the document, in the file that it came from. */
  locate: (path: readonly string[]) => string;
}

/** Which references within the document stay as they are: all, or only those to a whole component. */
export type Kept = 'all' | 'components';

const noise =
  /^(?:components|schemas|responses|parameters|requestBodies|headers|properties|definitions|\$defs|paths|content|schema)$/;

interface Home {
  name: string;
  file: SpecFile;
  path: string[];
}

/**
 * Brings everything that a specification refers to into one document: as components, or in place for what
 * OpenAPI 3.0 has no component for. All of it must have been read and checked before.
 */
export function bundle(files: SpecFiles, main: SpecFile, kept: Kept): Bundled {
  const homes = new Map<string, Home>();
  const added = new Map<Kind, Map<string, unknown>>();

  /** A component that is only a reference becomes the home of its target. */
  function findHomes(): void {
    for (const [kind, components] of entriesOf(valueAt(main.value, ['components']))) {
      for (const [name, component] of entriesOf(components)) {
        const target = targetOf(String(valueAt(component, ['$ref'])), main.url);
        if (typeof valueAt(component, ['$ref']) !== 'string' || !target || stays(target, kind)) continue;
        const key = `${kind} ${target.url}#${toPointer(target.path)}`;
        const file = files.get(target.url);
        if (file && !homes.has(key)) homes.set(key, { name, file, path: target.path });
      }
    }
  }

  function stays({ url, path }: { url: string; path: string[] }, kind: string): boolean {
    if (url !== main.url) return false;
    return kept === 'all' || (path.length === 3 && path[0] === 'components' && path[1] === kind);
  }

  function copy(file: SpecFile, holder: object, kind: Kind, way: readonly string[] = []): unknown {
    const inside = mapParts(holder, kind, (part) => copy(file, part.value, part.kind));
    const mapping = kind === 'schemas' ? valueAt(inside, ['discriminator', 'mapping']) : undefined;
    if (fieldsOf(mapping)) {
      const values = mapValues(fieldsOf(mapping) ?? {}, (each) =>
        typeof each === 'string' && isMappedReference(each) ? refer(file, each, kind) : each,
      );
      inside['discriminator'] = { ...fieldsOf(inside['discriminator']), mapping: values };
    }
    const reference = Object.hasOwn(inside, '$ref') ? inside['$ref'] : undefined;
    if (typeof reference !== 'string') return inside;
    if (kind !== 'pathItems' && !hasNoComponents(kind)) return { ...inside, $ref: refer(file, reference, kind) };
    return inPlace(file, inside, reference, kind, way);
  }

  function inPlace(file: SpecFile, inside: object, reference: string, kind: Kind, way: readonly string[]): unknown {
    const target = targetOf(reference, file.url);
    const key = keyOf(target?.url ?? '', target?.path ?? [], kind);
    const kept = file === main && kind === 'pathItems' && target && stays(target, kind);
    if (!target || way.includes(key) || kept) return inside;
    const found = files.get(target.url) ?? file;
    const { $ref: _, ...own } = { $ref: '', ...inside };
    const item = fieldsOf(valueAt(found.value, target.path)) ?? {};
    return { ...fieldsOf(copy(found, item, kind, [...way, key])), ...own };
  }

  function refer(file: SpecFile, reference: string, kind: Kind): string {
    const target = targetOf(reference, file.url);
    const found = target && files.get(target.url);
    if (!target || !found) return reference;
    if (stays(target, kind)) return file === main ? reference : `#${encode(target.path)}`;
    const key = keyOf(target.url, target.path, kind);
    const home = homes.get(key) ?? { name: freeName(kind, target), file: found, path: target.path };
    homes.set(key, home);
    const components = added.get(kind) ?? new Map<string, unknown>();
    added.set(kind, components);
    if (!components.has(home.name)) {
      components.set(home.name, undefined);
      const thing = valueAt(found.value, target.path);
      components.set(home.name, typeof thing === 'object' && thing !== null ? copy(found, thing, kind) : thing);
    }
    return `#/components/${kind}/${home.name}`;
  }

  function freeName(kind: Kind, { url, path }: { url: string; path: string[] }): string {
    const steps = path.filter((step) => !noise.test(step));
    const words = steps.length > 0 ? steps : [basename(new URL(url).pathname).replace(/\.\w+$/, '')];
    const name =
      words
        .join('_')
        .replaceAll(/[^\w.-]+/g, '_')
        .replaceAll(/^_+|(?<!_)_+$/g, '') || kind;
    const taken = (each: string): boolean =>
      added.get(kind)?.has(each) === true || valueAt(main.value, ['components', kind, each]) !== undefined;
    let free = name;
    for (let count = 2; taken(free); count += 1) free = `${name}_${count}`;
    return free;
  }

  findHomes();
  const whole: Record<string, unknown> = { ...fieldsOf(copy(main, fieldsOf(main.value) ?? {}, 'document')) };
  const components: Record<string, unknown> = { ...fieldsOf(whole['components']) };
  for (const [kind, things] of added)
    components[kind] = { ...fieldsOf(components[kind]), ...Object.fromEntries(things) };
  const value = added.size > 0 ? { ...whole, components } : whole;
  const origins = new Map([...homes].map(([key, home]) => [`${key.split(' ')[0]} ${home.name}`, home]));
  return {
    value,
    locate: ([root, kind, name, ...rest]) => {
      const home = root === 'components' ? origins.get(`${kind} ${name}`) : undefined;
      if (home) return home.file.locate([...home.path, ...rest]);
      return main.locate([root, kind, name, ...rest].filter((step) => step !== undefined));
    },
  };
}

function encode(path: readonly string[]): string {
  return path.map((step) => toPointer([encodeURIComponent(step).replaceAll('%2F', '/')])).join('');
}
