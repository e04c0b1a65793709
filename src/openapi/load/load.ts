import { codeOf, messageOf, nameOf, Problem } from '../../util/errors.ts';
import { displayPath } from '../../util/files.ts';
import { fieldsOf, toPointer, valueAt } from '../../util/json.ts';
import { YamlSyntaxError } from '../../util/yaml-file.ts';
import { methods, type OpenApiDocument } from '../document.ts';
import { partAt, partsBelow } from '../look-up.ts';
import { operationName } from '../operations.ts';
import { bundle, type Bundled, type Kept } from './bundle.ts';
import { SpecFiles, type SpecFile } from './files.ts';
import { loadReferenced, type Remote } from './references.ts';
import { validateDocument } from './validate.ts';

export interface ReadSpec {
  document: OpenApiDocument;
  sha256: string;
  /** The folders that hold its files. */
  folders: string[];
  /** What is odd in the document, and what is done instead: a sentence each, after its place. */
  warnings: string[];
  /** `file:line` of what stands at a path of the document. */
  locate: Bundled['locate'];
}

/**
 * Reads an OpenAPI 3.0 or 3.1 document, YAML or JSON, with all references to other files brought in. What remains are
 * references within the document, and each leads somewhere.
 * @throws Problem if the file is missing, is no YAML, is not valid OpenAPI 3.0 or 3.1, or has a broken reference.
 */
export async function readSpec(file: string): Promise<OpenApiDocument> {
  const { document } = await readSpecFiles(file, { kept: 'all', remote: 'refused' });
  return document;
}

/**
 * The same, with a choice: which references stay, and what those to other machines meet.
 * @throws Problem as `readSpec()` does.
 */
export async function readSpecFiles(file: string, { kept, remote }: { kept: Kept; remote: Remote }): Promise<ReadSpec> {
  const files = new SpecFiles(file);
  const main = await readMain(files, displayPath(file));
  const warnings = new Set(checkVersion(main));
  try {
    await loadReferenced(files, main, remote, warnings);
    const whole = bundle(files, main, kept);
    refuseCycle(main.name, whole.value);
    const { document, warnings: odd } = await validateDocument(whole.value, main.name, whole);
    const twice = renameTwice(document, whole);
    const sorted = [...new Set([...warnings, ...odd, ...twice])].toSorted(byPlace.compare);
    return { document, sha256: files.sha256(), folders: files.folders(), warnings: sorted, locate: whole.locate };
  } catch (error) {
    if (nameOf(error) !== 'RangeError') throw error;
    throw tooDeep(main.name, error);
  }
}

const byPlace = new Intl.Collator('en', { numeric: true });

/** An alias may contain itself in data, which nothing else walks. */
function refuseCycle(name: string, value: unknown): void {
  try {
    JSON.stringify(value);
  } catch (error) {
    throw tooDeep(name, error);
  }
}

/** What goes deeper than the stack is no document that a person wrote, or a YAML alias that contains itself. */
function tooDeep(name: string, cause: unknown): Problem {
  return new Problem(
    {
      code: 'spec_invalid',
      what: 'The specification is nested too deeply.',
      where: name,
      remedy: 'Look for a YAML alias that contains itself, or give deep parts a component of their own.',
    },
    { cause },
  );
}

async function readMain(files: SpecFiles, name: string): Promise<SpecFile> {
  try {
    return await files.read();
  } catch (error) {
    if (nameOf(error) === 'RangeError' || /call stack/.test(messageOf(error))) throw tooDeep(name, error);
    if (error instanceof YamlSyntaxError) {
      throw new Problem({
        code: 'spec_unreadable',
        what: 'The specification is neither YAML nor JSON.',
        where: error.where,
        facts: { reason: error.message },
        remedy: 'Correct the file at this place.',
      });
    }
    const missing = codeOf(error) === 'ENOENT';
    throw new Problem(
      {
        code: missing ? 'spec_missing' : 'spec_unreadable',
        what: missing ? 'The specification does not exist.' : 'The specification cannot be read.',
        where: name,
        remedy: 'Name an OpenAPI file with --spec FILE, or omit the option to use the bundled one.',
      },
      { cause: error },
    );
  }
}

/** Writes the version in full. @returns a warning where it was not. @throws Problem if the toolkit does not know it. */
function checkVersion(file: SpecFile): string[] {
  const { name, value } = file;
  const version = versionAt(value, 'openapi');
  if (version !== undefined && /^3\.[01]\.\d+/.test(version)) return [];
  const document = fieldsOf(value);
  const known = /^3(?:\.(?<minor>[012]))?(?:\.\d+)?$/.exec(version ?? '');
  if (document && known) {
    const full = (known.groups?.['minor'] ?? '0') === '0' ? '3.0.3' : '3.1.0';
    document['openapi'] = full;
    return [`${file.locate(['openapi'])}: /openapi is ${version}, and the document is read as OpenAPI ${full}.`];
  }
  const swagger = versionAt(value, 'swagger');
  const found = version === undefined ? swagger && `swagger: ${swagger}` : `openapi: ${version}`;
  throw new Problem({
    code: 'spec_unsupported',
    what: 'This is not an OpenAPI 3.0 or 3.1 document.',
    where: name,
    facts: { expected: 'openapi: 3.0.x or 3.1.x at the top', found: found ?? 'no such key' },
    remedy: swagger
      ? 'Convert it, as `npx @scalar/cli document upgrade FILE --output openapi.json` does, and name the result with --spec FILE.'
      : 'Convert the document to OpenAPI 3.0 or 3.1, or name another file with --spec FILE.',
  });
}

/** Gives the later of two operations of one id another, that of its method and path. @returns a warning for each. */
function renameTwice(document: OpenApiDocument, { locate }: Bundled): string[] {
  const first = new Map<string, string>();
  const warnings: string[] = [];
  for (const container of [['paths'], ['webhooks'], ['components', 'pathItems']]) {
    for (const [path, item] of partsBelow(document, container)) {
      for (const method of methods) {
        const part = partAt(document, [...item.steps, method]);
        const id = part?.fields['operationId'];
        if (!part || typeof id !== 'string') continue;
        const name = operationName({ method, path });
        const other = first.get(id);
        if (other === undefined) first.set(id, toPointer(part.steps));
        // Two paths may be references to one path item.
        if (other === undefined || (other === toPointer(part.steps) && container[0] !== 'paths')) continue;
        if (other !== toPointer(part.steps)) part.fields['operationId'] = name;
        const at = toPointer([...part.steps, 'operationId']);
        warnings.push(`${locate(part.steps)}: ${at} is ${id}, as at ${other}; this operation is called ${name}.`);
      }
    }
  }
  return warnings;
}

function versionAt(value: unknown, key: string): string | undefined {
  const found = valueAt(value, [key]);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
