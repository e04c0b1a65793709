import { displayPath } from '../util/files.ts';
import { readOperations } from '../openapi/operations.ts';
import { readSpecFiles } from '../openapi/load/load.ts';
import { header } from './header.ts';
import { writeOperationTable } from './operation-table.ts';
import { writeTypes } from './typescript.ts';

/** Name of a generated file to its text. */
export type GeneratedFiles = Record<'types.ts' | 'operations.ts', string>;

/**
 * Generates the TypeScript that follows from a specification: its types and its operation table. The same specification
 * always gives the same bytes.
 * @param spec an OpenAPI 3.0 or 3.1 file.
 * @param command what a reader of the files has to run to make them again.
 * @throws Problem if the specification cannot be used.
 */
export async function generate(spec: string, command: string): Promise<GeneratedFiles> {
  const name = displayPath(spec);
  const { document, sha256 } = await readSpecFiles(spec, { kept: 'components', remote: 'refused everywhere' });
  const top = header({ command, name, sha256 });
  return {
    'types.ts': top + (await writeTypes(document, name)),
    'operations.ts': top + writeOperationTable({ document, operations: readOperations(document) }),
  };
}
