import { parse } from 'yaml';
import { fromPointer, toPointer, valueAt } from './json-pointer.ts';
import { Problem } from './problem.ts';
import type { YamlFile } from './yaml-file.ts';

interface Found {
  reference: string;
  /** The object that has the reference. */
  holder: { $ref: unknown };
  path: string[];
}

/**
 * Checks every `$ref` of a document and brings in those that lead to other files.
 * @returns the document as one, in which every reference starts with `#`.
 * @throws Problem naming the file, the line and the target of a reference that leads nowhere or to another machine.
 */
export async function resolveReferences(file: string, name: string, yaml: YamlFile): Promise<unknown> {
  const found = [...findReferences(yaml.value)];
  for (const { reference, path } of found) {
    if (/^[a-z][a-z+.-]*:\/\//i.test(reference)) {
      throw unresolved(yaml.locate(path), reference, path, 'The toolkit works offline and fetches nothing.');
    }
    if (reference.startsWith('#') && valueAt(yaml.value, fromPointer(reference.slice(1))) === undefined) {
      throw unresolved(yaml.locate(path), reference, path, 'Nothing stands there in this file.');
    }
  }
  const outside = found.filter(({ reference }) => !reference.startsWith('#'));
  return outside.length === 0 ? yaml.value : bundle(file, name, yaml, outside);
}

async function bundle(file: string, name: string, yaml: YamlFile, outside: Found[]): Promise<unknown> {
  const { $RefParser, isHandledError } = await import('@apidevtools/json-schema-ref-parser');
  const yamlParser = {
    order: 1,
    canParse: true,
    parse: ({ data }: { data: unknown }): unknown => parse(String(data)),
  };
  try {
    const whole = await new $RefParser().bundle(file, {
      parse: { yaml: yamlParser, json: false, text: false, binary: false },
      resolve: { http: false },
    });
    return encodeBraces(whole);
  } catch (error) {
    if (!isHandledError(error)) throw error;
    const culprit =
      outside.find(({ reference }) => error.message.includes(reference.split('#')[0] ?? '')) ?? outside[0];
    const path = culprit?.path ?? [];
    const where = path.length > 0 ? yaml.locate(path) : name;
    throw unresolved(where, culprit?.reference ?? '', path, error.message);
  }
}

/** What is brought in is referred to by where it stands first, which may be in a path with a template. A URL has no braces. */
function encodeBraces(value: unknown): unknown {
  for (const { reference, holder } of findReferences(value)) {
    holder.$ref = reference.replaceAll('{', '%7B').replaceAll('}', '%7D');
  }
  return value;
}

function unresolved(where: string, reference: string, path: string[], reason: string): Problem {
  return new Problem({
    code: 'reference_unresolved',
    what: `The reference ${reference} cannot be resolved.`,
    where,
    facts: { at: toPointer(path), reason },
    remedy: 'Correct the $ref, or add what it points to.',
  });
}

function* findReferences(value: unknown, path: string[] = []): Generator<Found> {
  if (typeof value !== 'object' || value === null) return;
  if ('$ref' in value && typeof value.$ref === 'string')
    yield { reference: value.$ref, holder: value, path: [...path, '$ref'] };
  for (const [key, child] of Object.entries(value)) yield* findReferences(child, [...path, key]);
}
