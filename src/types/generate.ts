import { displayPath } from '../util/files.ts';
import { readOperations } from '../openapi/operations.ts';
import { readSpecFiles } from '../openapi/load/load.ts';
import { header } from './header.ts';
import { writeOperationTable } from './operation-table.ts';
import { writeTypes } from './typescript.ts';

/**
 * Generates the types and the operation table of a specification, deterministically.
 * @param spec an OpenAPI 3.0 or 3.1 file.
 * @param command generates the files again.
 * @returns the name of each file with its text.
 * @throws Problem if the specification cannot be used.
 */
export async function generate(spec: string, command: string): Promise<Record<'types.ts' | 'operations.ts', string>> {
  const name = displayPath(spec);
  const { document, sha256 } = await readSpecFiles(spec, { kept: 'components', remote: 'refused everywhere' });
  const top = header({ command, name, sha256 });
  return {
    'types.ts': top + (await writeTypes(document, name)),
    'operations.ts': top + writeOperationTable({ document, operations: readOperations(document) }),
  };
}
