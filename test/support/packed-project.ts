import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, glob, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from './command.ts';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

/** The packed tarball of this checkout, and a project in which npm has installed nothing else. */
export interface Packed {
  tarball: string;
  /** Within this checkout, where its modules find more than they should: to be copied. */
  installed: string;
  unpackedSize: number;
  files: { path: string }[];
}

/** What a project has beside this package to compile and to test; taken from this checkout, so that nothing is fetched. */
const tools = ['typescript', '@types', 'undici-types', 'jest', '@jest', '@pact-foundation', 'openapi-typescript'];

/** A project of a user who installed the tarball, and has nothing of what that was made from. */
export async function packedProject(files: Record<string, string>): Promise<TemporaryFolder> {
  const project = await installedProject({
    'package.json': JSON.stringify({
      type: 'module',
      jest: { transform: {}, extensionsToTreatAsEsm: ['.ts'], testMatch: ['**/*.test.ts'] },
    }),
    'tsconfig.json': JSON.stringify(tsconfig),
    ...files,
  });
  for (const name of [...tools, '.bin/tsc', '.bin/jest']) {
    await symlink(resolve('node_modules', name), join(project.path, 'node_modules', name));
  }
  return project;
}

/** A project that has the tarball and no other package. */
export async function installedProject(files: Record<string, string> = {}): Promise<TemporaryFolder> {
  const { installed } = await packed();
  const project = await temporaryFolder(files);
  await cp(installed, project.path, { recursive: true, verbatimSymlinks: true, force: false });
  return project;
}

/** Packs this checkout and installs the tarball with npm: once for all test files, as long as nothing in it changes. */
export async function packed(): Promise<Packed> {
  const folder = join('node_modules/.cache/arzamed-devkit-tests', await hashOfPackage());
  await once(folder, async (made) => {
    // The build is there already; to build again would take dist/ away from tests that run at the same time.
    const { stdout, stderr } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', made]);
    const [pack]: Pack[] = Object.values(JSON.parse(stdout));
    if (pack === undefined) throw new Error(stderr);
    await writeFile(join(made, 'pack.json'), JSON.stringify(pack));
    await using project = await temporaryFolder({ 'package.json': '{ "type": "module" }' });
    // A cache of its own: what npm remembers of other packages must not matter.
    const npm = [
      'install',
      '--offline',
      '--cache',
      join(resolve(made), '.npm'),
      '--no-audit',
      '--no-fund',
      '--save-dev',
    ];
    const args = [...npm, join(resolve(made), pack.filename)];
    const installed = await run('npm', args, { cwd: project.path });
    if (installed.code !== 0) throw new Error(installed.stderr);
    await cp(project.path, join(made, 'installed'), { recursive: true, verbatimSymlinks: true });
  });
  const { filename, ...rest }: Pack = JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8'));
  return { tarball: resolve(folder, filename), installed: join(folder, 'installed'), ...rest };
}

type Pack = Omit<Packed, 'tarball' | 'installed'> & { filename: string };

/** Makes a folder that appears whole. Of two processes that want it at the same time, one makes it and one waits. */
async function once(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  while (
    !(await mkdir(lock).then(
      () => true,
      () => false,
    ))
  ) {
    // A process that was killed has left it behind.
    if ((await ageOf(lock)) > 60_000) await rm(lock, { recursive: true, force: true });
    await wait(50);
  }
  try {
    if (existsSync(folder)) return;
    for (const name of await readdir(dirname(folder))) {
      if (!name.startsWith(basename(folder))) await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
    const parts = await mkdtemp(`${folder}.`);
    await make(parts);
    await rename(parts, folder);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function ageOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}

/** A hash of all that npm packs, and of what packs it. */
async function hashOfPackage(): Promise<string> {
  const { files }: { files: string[] } = JSON.parse(await readFile('package.json', 'utf8'));
  const patterns = ['package.json', 'README.md', 'LICENSE', ...files.flatMap((name) => [name, `${name}/**`])];
  const hash = createHash('sha256').update(process.version);
  const paths = new Set<string>();
  for await (const entry of glob([...patterns, relative('', import.meta.filename)], { withFileTypes: true })) {
    if (entry.isFile()) paths.add(join(entry.parentPath, entry.name));
  }
  for (const path of [...paths].toSorted())
    hash
      .update(`${path}\0`)
      .update(await readFile(path))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
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
