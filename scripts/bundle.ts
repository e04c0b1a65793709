// Bundles the dependencies into dist/, so that an installation adds one package and runs no script of others.
import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { parseJson, valueAt } from '../src/util/json.ts';
import { late, oneOfLodash, readWhenNeeded, sameOnce, withoutUnused } from './bundle-plugins.ts';
import { lightModules } from './light-modules.ts';
import { precompiledSchemas } from './precompile-schemas.ts';

/** Bundled CommonJS needs `require`, which a module does not have. */
export const requireInModule =
  "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";

/** Packages that are loaded only where they are installed. */
const external = ['openapi-typescript', 'typescript', 'pino-pretty'];

/** Bundles the entries of the package. @returns the inputs of each file. */
export async function bundle(): Promise<Metafile[]> {
  const node = valueAt(parseJson(await readFile('package.json', 'utf8')), ['engines', 'node']);
  const common = {
    bundle: true,
    outdir: 'dist',
    format: 'esm',
    target: `node${String(node).replaceAll(/[^\d.]/g, '')}`,
    metafile: true,
    logLevel: 'error',
    logOverride: { 'empty-import-meta': 'silent' },
  } as const;
  const tools = await build({
    ...common,
    entryPoints: { 'cli/main': 'src/cli/main.ts', 'mock/index': 'src/mock/index.ts' },
    platform: 'node',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minify: true,
    keepNames: true,
    mainFields: ['module', 'main'],
    banner: { js: requireInModule },
    external,
    plugins: [readWhenNeeded, lightModules, oneOfLodash, precompiledSchemas, withoutUnused, sameOnce],
  });
  const parts = await build({
    ...common,
    entryPoints: Object.fromEntries(
      Object.values(late).map(({ entry, file }) => [`chunks/${parse(file).name}`, entry]),
    ),
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'node',
    minify: true,
    keepNames: true,
  });
  // The clients stay readable for debugging, one file each.
  const clients = await build({
    ...common,
    entryPoints: { 'client/index': 'src/client/index.ts', 'control/index': 'src/control/index.ts' },
    platform: 'neutral',
  });
  return [tools.metafile, parts.metafile, clients.metafile];
}
