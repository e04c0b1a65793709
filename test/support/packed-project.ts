import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

/** What a project has beside this package to compile and to test; taken from this checkout, so that nothing is fetched. */
const tools = ['typescript', '@types', 'undici-types', 'jest', '@jest', '@pact-foundation', 'openapi-typescript'];

/** A project of somebody who unpacked the tarball, and has nothing of what that was made from. */
export async function packedProject(files: Record<string, string>): Promise<TemporaryFolder> {
  const project = await temporaryFolder({
    'package.json': JSON.stringify({
      type: 'module',
      jest: { transform: {}, extensionsToTreatAsEsm: ['.ts'], testMatch: ['**/*.test.ts'] },
    }),
    ...files,
  });
  const installed = join(project.path, 'node_modules/arzamed-devkit');
  await mkdir(installed, { recursive: true });
  const tarball = await pack(project.path);
  await run('tar', ['-xzf', join(project.path, tarball), '--strip-components=1', '-C', installed]);
  await link(project.path, ['.bin', ...tools]);
  await writeFile(join(project.path, 'tsconfig.json'), JSON.stringify(tsconfig));
  return project;
}

/** A copy of somebody's project, with the tarball installed by npm as the README says. */
export async function installedProject(folder: string): Promise<TemporaryFolder> {
  const project = await temporaryFolder();
  await cp(folder, project.path, { recursive: true });
  const tarball = await pack(project.path);
  const args = ['install', '--offline', '--no-audit', '--no-fund', '--save-dev', `./${tarball}`];
  const { code, stderr } = await run('npm', args, { cwd: project.path });
  if (code !== 0) throw new Error(stderr);
  await link(project.path, [...tools, '.bin/tsc', '.bin/jest']);
  return project;
}

/** Packs this checkout into a folder. Gives the name of the tarball. */
async function pack(folder: string): Promise<string> {
  // The build is there already; to build again would take dist/ away from tests that run at the same time.
  const { stderr } = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder]);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(stderr);
  return tarball;
}

/** Gives a project some of the modules of this checkout. */
async function link(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await symlink(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name));
  }
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
