import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectFiles } from '../types/generate.ts';
import { Problem, warningLines } from '../util/errors.ts';
import { hasHeader } from '../types/header.ts';
import { displayPath, findDrift, refuseForeign, writeFiles } from '../util/files.ts';
import type { ClientCommandOptions, TypesOptions } from './options.ts';
import { printable } from '../util/terminal.ts';

const vendorSpec = {
  file: fileURLToPath(new URL('../../openapi/arzamed.yaml', import.meta.url)),
  name: 'openapi.yaml of arzamed-devkit',
};

/**
 * Writes, prints or checks the types of a specification.
 * @throws Problem `generated_drift` if they are outdated, or another one if the specification or a file cannot be used.
 */
export async function runTypes({ spec, out, check = false, allowRemote = false }: TypesOptions): Promise<void> {
  if (check && out === undefined) {
    const [what, remedy] = ['--check requires --out.', 'Name the file to check with --out FILE.'];
    throw new Problem({ code: 'option_invalid', what, remedy });
  }
  if (out !== undefined && !check) await refuseForeign([out], hasHeader);
  // Imported late, so that a mistake is reported without loading openapi-typescript and TypeScript.
  const { generateForProject } = await import('../types/generate.ts');
  const made = await generateForProject({ spec: spec === undefined ? vendorSpec : { file: spec }, out, allowRemote });
  process.stderr.write(warningLines(made.warnings));
  if (check) await checkFiles(made);
  else if (out === undefined) await print(Object.values(made.files).join(''));
  else await writeChanged(made);
}

/**
 * Writes or checks a client of a specification.
 * @throws Problem as `runTypes` does.
 */
export async function runClient({
  spec,
  out,
  check,
  allowRemote = false,
  envPrefix,
}: ClientCommandOptions): Promise<void> {
  if (!check) await refuseForeign([join(out, 'client.ts'), join(out, 'types.ts')], hasHeader);
  const { generateClient } = await import('../types/generate.ts');
  const file = spec === undefined ? vendorSpec : { file: spec };
  const made = await generateClient({ spec: file, out, allowRemote, envPrefix });
  process.stderr.write(warningLines(made.warnings));
  await (check ? checkFiles(made) : writeChanged(made));
}

async function checkFiles({ folder, files, command }: ProjectFiles): Promise<void> {
  const [path] = await findDrift(folder, files);
  if (path === undefined) return;
  throw new Problem({
    code: 'generated_drift',
    what: 'The file is missing or outdated.',
    where: displayPath(path),
    remedy: `Run \`${command}\` and commit the changes.`,
  });
}

async function writeChanged({ folder, files }: ProjectFiles): Promise<void> {
  const drifted = new Set(await findDrift(folder, files));
  const changed = Object.entries(files).filter(([name]) => drifted.has(join(folder, name)));
  await writeFiles(folder, Object.fromEntries(changed));
  for (const name of Object.keys(files)) {
    const path = join(folder, name);
    process.stderr.write(printable([`${drifted.has(path) ? 'Wrote' : 'Nothing changed:'} ${displayPath(path)}`]));
  }
}

/** Resolves when everything is written or the reader has closed the pipe, as `head` does. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.once('error', () => resolve());
    process.stdout.write(text, () => resolve());
  });
}
