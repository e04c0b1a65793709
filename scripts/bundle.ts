// Puts what the command line and the mock stand on into dist/, so that an installation adds one package and runs no
// script of others.
import { readFile } from 'node:fs/promises';
import { build, type Metafile, type Plugin } from 'esbuild';
import { precompiledSchemas } from './precompile-schemas.ts';

/** Prism makes up values in English only; the other 70 languages of faker would be half of the package. */
const english: Plugin = {
  name: 'english',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^@faker-js\/faker$/ }, ({ resolveDir, kind }) =>
      bundler.resolve('@faker-js/faker/locale/en', { resolveDir, kind }),
    );
  },
};

/**
 * Prism can read Postman collections too, but only OpenAPI ever comes to it here (`readSpec()` refuses all else). What it
 * needs for them would be a third of the package.
 */
const withoutPostman: Plugin = {
  name: 'without-postman',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^postman-collection$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    bundler.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: '', loader: 'js' }));
  },
};

/** Bundled CommonJS asks for Node's modules by `require`, which a module does not have. */
export const requireInModule =
  "import { createRequire as createRequireInModule } from 'node:module'; const require = createRequireInModule(import.meta.url);";

/** Packages that are loaded only where they are installed. */
const external = ['openapi-typescript', 'typescript', 'pino-pretty'];

/** Bundles the entries of the package. Gives what went into each file. */
export async function bundle(): Promise<Metafile[]> {
  const { engines }: { engines: { node: string } } = JSON.parse(await readFile('package.json', 'utf8'));
  const common = {
    bundle: true,
    outdir: 'dist',
    format: 'esm',
    target: `node${engines.node.replaceAll(/[^\d.]/g, '')}`,
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
    plugins: [english, precompiledSchemas, withoutPostman],
  });
  // The clients are what people read when they debug: one file each, as it was written.
  const clients = await build({
    ...common,
    entryPoints: { 'client/index': 'src/client/index.ts', 'control/index': 'src/control/index.ts' },
    platform: 'neutral',
  });
  return [tools.metafile, clients.metafile];
}
