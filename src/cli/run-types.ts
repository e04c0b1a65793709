import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectFiles } from '../types/project.ts';
import { Problem } from '../util/errors.ts';
import { hasHeader } from '../types/header.ts';
import { displayPath, findDrift, refuseForeign, writeFiles } from '../util/files.ts';
import type { TypesOptions } from './options.ts';

const vendorSpec = {
  file: fileURLToPath(new URL('../../openapi/arzamed.yaml', import.meta.url)),
  name: 'openapi.yaml of arzamed-devkit',
};

/**
 * Writes or prints the types of a specification, or looks whether they are still the same.
 * @throws Problem `generated_drift` if they are not, or another one if the specification or a file cannot be used.
 */
export async function runTypes({ spec, out, check = false, allowRemote = false }: TypesOptions): Promise<void> {
  if (check && out === undefined) throw checkWithoutOut();
  // Before the work, which takes a while.
  if (out !== undefined && !check) await refuseForeign([out], hasHeader);
  // openapi-typescript and TypeScript come behind this import: a mistake is told without waiting for them.
  const { generateForProject } = await import('../types/project.ts');
  const made = await generateForProject({
    spec: spec === undefined ? vendorSpec : { file: spec },
    out,
    allowRemote,
  });
  if (check) await checkFiles(made);
  else if (out === undefined) await print(Object.values(made.files).join(''));
  else await writeChanged(made);
}

async function checkFiles({ folder, files, command }: ProjectFiles): Promise<void> {
  const [path] = await findDrift(folder, files);
  if (path === undefined) return;
  throw new Problem({
    code: 'generated_drift',
    what: 'The file is missing, or not what the specification gives.',
    where: displayPath(path),
    remedy: `Run \`${command}\` and commit what it changes.`,
  });
}

async function writeChanged({ folder, files }: ProjectFiles): Promise<void> {
  await refuseForeign(
    Object.keys(files).map((name) => join(folder, name)),
    hasHeader,
  );
  const drifted = new Set(await findDrift(folder, files));
  await writeFiles(
    folder,
    Object.fromEntries(Object.entries(files).filter(([name]) => drifted.has(join(folder, name)))),
  );
  for (const name of Object.keys(files)) {
    const path = join(folder, name);
    process.stderr.write(`${drifted.has(path) ? 'Wrote' : 'Nothing changed:'} ${displayPath(path)}\n`);
  }
}

/** Resolves when all is written, or when the reader has gone, as `head` does: then nobody misses the rest. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.once('error', () => resolve());
    process.stdout.write(text, () => resolve());
  });
}

function checkWithoutOut(): Problem {
  return new Problem({
    code: 'option_invalid',
    what: '--check needs the file to look at.',
    remedy: 'Name it with --out FILE.',
  });
}
