import { readFile } from 'node:fs/promises';
import { displayPath } from './display-path.ts';
import type { OpenApiDocument } from './document.ts';
import { valueAt } from './json-pointer.ts';
import { Problem } from './problem.ts';
import { resolveReferences } from './references.ts';
import { codeOf } from './thrown.ts';
import { validateDocument } from './validate.ts';
import { parseYamlFile, YamlSyntaxError, type YamlFile } from './yaml-file.ts';

/**
 * Reads an OpenAPI 3.0 or 3.1 document, YAML or JSON, with all references to other files brought in. What remains are
 * references within the document, each of which leads somewhere.
 * @throws Problem if the file is missing, is no YAML, is not valid OpenAPI 3.0 or 3.1, or has a broken reference.
 */
export async function readSpec(file: string): Promise<OpenApiDocument> {
  const name = displayPath(file);
  const yaml = parse(name, await readText(file, name));
  checkVersion(name, yaml);
  const whole = await resolveReferences(file, name, yaml);
  return validateDocument(whole, name, yaml);
}

async function readText(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    throw new Problem(
      {
        code: missing ? 'spec_missing' : 'spec_unreadable',
        what: missing ? 'The specification does not exist.' : 'The specification cannot be read.',
        where: name,
        remedy: 'Name an OpenAPI file with --spec FILE, or leave the option out to use the one that comes along.',
      },
      { cause: error },
    );
  }
}

function parse(name: string, text: string): YamlFile {
  try {
    return parseYamlFile(name, text);
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    throw new Problem({
      code: 'spec_unreadable',
      what: 'The specification is neither YAML nor JSON.',
      where: error.where,
      facts: { reason: error.message },
      remedy: 'Correct the file at this place.',
    });
  }
}

function checkVersion(name: string, { value }: YamlFile): void {
  const version = textAt(value, 'openapi');
  if (version !== undefined && /^3\.[01]\.\d+/.test(version)) return;
  const swagger = textAt(value, 'swagger');
  const found = version === undefined ? swagger && `swagger: ${swagger}` : `openapi: ${version}`;
  throw new Problem({
    code: 'spec_unsupported',
    what: 'This is not an OpenAPI 3.0 or 3.1 document.',
    where: name,
    facts: { expected: 'openapi: 3.0.x or 3.1.x at the top', found: found ?? 'no such key' },
    remedy: 'Convert the document to OpenAPI 3.0 or 3.1, or name another file with --spec FILE.',
  });
}

function textAt(value: unknown, key: string): string | undefined {
  const found = valueAt(value, [key]);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
