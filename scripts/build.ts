// Makes dist/ from src/, from nothing each time, so that no file of an earlier build stays behind.
import { chmod, rm, writeFile } from 'node:fs/promises';
import { discover } from '../src/intercept/hosts.ts';
import { prepareWorld, readWorld } from '../src/mock/clinics/world.ts';
import { bundle } from './bundle.ts';
import { copyDeclarations } from './declarations.ts';
import { collectLicences } from './licences.ts';
import { runTool } from './run-tool.ts';

await rm('dist', { recursive: true, force: true });
await rm('build', { recursive: true, force: true });
// `npm run lint` checks the types.
const declare = async (): Promise<void> => {
  await runTool('tsc', ['-p', 'tsconfig.build.json', '--noCheck']);
  const entries = ['client/index.d.ts', 'control/index.d.ts', 'mock/index.d.ts', 'generated/types.d.ts'];
  await copyDeclarations('build', 'dist', entries);
  await copyDeclarations('build', 'dist', ['client/index.d.ts'], 'c');
};
const [metafiles] = await Promise.all([bundle(), declare()]);
await writeFile('dist/THIRD-PARTY-LICENCES.txt', await collectLicences(metafiles));
// What `arzamed exec` and `arzamed mock` would otherwise read first of all.
const world = await readWorld({});
await writeFile('dist/world.json', await prepareWorld(world));
const outline = await discover(world);
await writeFile('dist/outline.json', `${JSON.stringify(outline)}\n`);
await chmod('dist/cli/main.js', 0o755);
