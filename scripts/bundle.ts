// Bundles the dependencies into dist/, so that an installation adds one package and runs no script of others.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { parseJson, valueAt } from '../src/util/json.ts';
import { late, oneOfLodash, readWhenNeeded, sameOnce, withoutUnused } from './bundle-plugins.ts';
import { lightModules } from './light-modules.ts';
import { precompiledSchemas } from './precompile-schemas.ts';

/** Bundled CommonJS needs `require`, which a module does not have. */
export const requireInModule =
  "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";

/**
 * Says in one sentence that this Node is too old, before what it cannot run is evaluated. Other runtimes name a version of
 * Node that says little about them.
 */
function refusalOf(oldest: string): string {
  const [major = '', minor = ''] = oldest.split('.');
  return `{
  const { node, bun, deno } = globalThis.process ? process.versions : {};
  const [major, minor] = node && !bun && !deno ? node.split('.').map(Number) : [Infinity];
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    process.stderr.write('arzamed-devkit needs Node ${major}.${minor} or newer; this is Node ' + node + '.\\n');
    process.exit(2);
  }
}
`;
}

/** Packages that are loaded only where they are installed. */
const external = ['openapi-typescript', 'typescript', 'pino-pretty'];

/** Bundles the entries of the package into a folder. @returns the inputs of each file. */
export async function bundle(outdir: string): Promise<Metafile[]> {
  const engine = valueAt(parseJson(await readFile('package.json', 'utf8')), ['engines', 'node']);
  const node = String(engine).replaceAll(/[^\d.]/g, '');
  await mkdir(outdir, { recursive: true });
  await writeFile(join(outdir, 'needs-node.js'), refusalOf(node));
  const common = {
    bundle: true,
    outdir,
    format: 'esm',
    target: `node${node}`,
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
    // All files lie one folder deep, and what is imported first is evaluated first.
    banner: { js: `import '../needs-node.js';\n${requireInModule}` },
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
  const readable = { ...common, platform: 'neutral', banner: { js: refusalOf(node) } } as const;
  const clients = await build({
    ...readable,
    entryPoints: { 'client/index': 'src/client/index.ts', 'control/index': 'src/control/index.ts' },
  });
  // Jest, ts-jest and swc cannot require a module.
  const required = await build({
    ...readable,
    entryPoints: { 'client/index': 'src/client/index.ts' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  });
  // What it shares with its lazily loaded part is a file of its own.
  const console = await build({
    ...common,
    entryPoints: {
      main: 'src/console/main.tsx',
      reference: 'src/console/reference.tsx',
      console: 'src/console/console.css',
    },
    outdir: join(outdir, 'console'),
    splitting: true,
    chunkNames: '[name]',
    minify: true,
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  await copyFile('src/console/index.html', join(outdir, 'console/index.html'));
  return [tools.metafile, parts.metafile, clients.metafile, required.metafile, console.metafile];
}
