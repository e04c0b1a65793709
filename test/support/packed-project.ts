import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

/** What a project has beside this package to compile and to test; taken from this checkout, so that nothing is fetched. */
const tools = ['.bin', 'typescript', '@types', 'undici-types', 'jest', '@jest', '@pact-foundation'];

/** A project of somebody who installed the packed tarball, and nothing of what that was made from. */
export async function packedProject(files: Record<string, string>): Promise<TemporaryFolder> {
  const project = await temporaryFolder({
    'package.json': JSON.stringify({
      type: 'module',
      jest: { transform: {}, extensionsToTreatAsEsm: ['.ts'], testMatch: ['**/*.test.ts'] },
    }),
    ...files,
  });
  const modules = join(project.path, 'node_modules');
  const installed = join(modules, 'arzamed-devkit');
  await mkdir(installed, { recursive: true });
  // The build is there already; to build again would take dist/ away from tests that run at the same time.
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project.path]);
  const tarball = (await readdir(project.path)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(packed.stderr);
  await run('tar', ['-xzf', join(project.path, tarball), '--strip-components=1', '-C', installed]);
  for (const name of tools) await symlink(join(process.cwd(), 'node_modules', name), join(modules, name));
  await writeFile(join(project.path, 'tsconfig.json'), JSON.stringify(tsconfig));
  return project;
}

const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['*.ts'],
};
