import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { displayPath } from '../spec/display-path.ts';
import { Problem } from '../spec/problem.ts';
import { findDrift, refuseForeign, writeFiles } from '../types/files.ts';
import type { ProjectFiles } from '../types/project.ts';

interface Options {
  spec?: string;
  out?: string;
  check?: boolean;
  allowRemote?: boolean;
}

const vendorSpec = {
  file: fileURLToPath(new URL('../../openapi/arzamed.yaml', import.meta.url)),
  name: 'openapi.yaml of arzamed-devkit',
};

/** `arzamed types`: writes the TypeScript types of a specification, or looks whether they are still the same. */
export function typesCommand(): Command {
  return new Command('types')
    .description('Write the TypeScript types of a specification into your project.')
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 file (default: the one that comes along)')
    .option('--out <file>', 'file to write (default: print the types)')
    .option('--check', 'write nothing; exit code 1 if the file is missing or not what would be written')
    .option('--allow-remote', 'follow a $ref to another machine (http, https)')
    .action(async ({ spec, out, check = false, allowRemote = false }: Options) => {
      if (check && out === undefined) throw checkWithoutOut();
      // Before the work, which takes a while.
      if (out !== undefined && !check) await refuseForeign([out]);
      // openapi-typescript and TypeScript come behind this import: other commands need not wait for them.
      const { generateForProject } = await import('../types/project.ts');
      const made = await generateForProject({
        spec: spec === undefined ? vendorSpec : { file: spec },
        out,
        allowRemote,
      });
      if (check) await checkFiles(made);
      else if (out === undefined) await print(Object.values(made.files).join(''));
      else await writeChanged(made);
    });
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
  await refuseForeign(Object.keys(files).map((name) => join(folder, name)));
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
