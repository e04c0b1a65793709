// Makes dist/ from src/: in a folder of its own first, and then file by file, so that dist/ can be used at any moment.
import { chmod, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { discover } from '../src/intercept/hosts.ts';
import { prepareWorld, readWorld } from '../src/mock/clinics/world.ts';
import { bundle } from './bundle.ts';
import { copyDeclarations } from './declarations.ts';
import { collectLicences, packagesIn } from './licences.ts';
import { runTool } from './run-tool.ts';
import { billOfPackage } from './sbom.ts';

const begun = new Date();
await mkdir('build', { recursive: true });
const folder = await mkdtemp('build/');
const [types, made] = [join(folder, 'types'), join(folder, 'dist')];
try {
  // `npm run lint` checks the types.
  const declare = async (): Promise<void> => {
    await runTool('tsc', ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', types]);
    const entries = ['client/index.d.ts', 'control/index.d.ts', 'mock/index.d.ts', 'generated/types.d.ts'];
    await copyDeclarations(types, made, entries);
    await copyDeclarations(types, made, ['client/index.d.ts'], 'c');
  };
  const [metafiles] = await Promise.all([bundle(made), declare()]);
  const packages = packagesIn(metafiles);
  await writeFile(join(made, 'THIRD-PARTY-LICENCES.txt'), await collectLicences(packages));
  await writeFile(join(made, 'sbom.cdx.json'), await billOfPackage(packages));
  // What `arzamed exec` and `arzamed mock` would otherwise read first of all.
  const world = await readWorld({});
  await writeFile(join(made, 'world.json'), await prepareWorld(world));
  const outline = await discover(world);
  await writeFile(join(made, 'outline.json'), `${JSON.stringify(outline)}\n`);
  const command = join(made, 'cli/main.js');
  await chmod(command, 0o755);
  // Sources that change during a build are newer than what it made.
  await utimes(command, begun, begun);
  await replaceFiles(made, 'dist');
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Moves files into a folder, what others import first, and removes those that were there before. */
async function replaceFiles(from: string, to: string): Promise<void> {
  const files = await filesIn(from);
  const inOrder = [...files].sort((a, b) => Number(b.startsWith('chunks')) - Number(a.startsWith('chunks')));
  for (const file of inOrder) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await rename(join(from, file), join(to, file));
  }
  for (const file of await filesIn(to)) if (!files.has(file)) await rm(join(to, file));
}

async function filesIn(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Set(
    entries.filter((each) => each.isFile()).map((each) => relative(folder, join(each.parentPath, each.name))),
  );
}
