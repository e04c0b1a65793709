import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { build } from 'esbuild';
import { requireInModule } from '../../scripts/bundle.ts';
import { late, oneOfLodash, readWhenNeeded, sameOnce, withoutUnused } from '../../scripts/bundle-plugins.ts';
import { precompiledSchemas } from '../../scripts/precompile-schemas.ts';

/** Bundles the libraries that `resolver.cjs` lists, unless an earlier run has done that with the same ones. */
export default async function bundleLibraries(): Promise<void> {
  const cache = join(process.cwd(), 'node_modules/.cache/arzamed-devkit');
  const folder = join(cache, `libraries-${await fingerprint()}`);
  process.env.TEST_LIBRARIES = folder;
  if (existsSync(folder)) return;
  await mkdir(cache, { recursive: true });
  const outdir = await mkdtemp(`${folder}-`);
  const common = { bundle: true, outdir, platform: 'node', logLevel: 'error' } as const;
  await build({
    ...common,
    entryPoints: {
      'official-schemas': 'src/openapi/load/official-schemas.ts',
      'prism-parts': 'src/mock/prism/prism-parts.ts',
    },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    banner: { js: requireInModule },
    plugins: [readWhenNeeded, oneOfLodash, precompiledSchemas, withoutUnused, sameOnce],
  });
  const chunks = Object.values(late).map(({ entry, file }) => [parse(file).name, entry]);
  await build({
    ...common,
    entryPoints: {
      'ajv-formats': 'ajv-formats',
      ajv: 'ajv/dist/2020.js',
      express: 'express',
      yaml: 'yaml',
      ...Object.fromEntries(chunks),
    },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  });
  // Another run may have made the folder meanwhile.
  await rename(outdir, folder).catch(() => rm(outdir, { recursive: true }));
}

/** Differs where the bundles would. */
async function fingerprint(): Promise<string> {
  const files = [
    'package-lock.json',
    'scripts/bundle-plugins.ts',
    'scripts/precompile-schemas.ts',
    'src/mock/prism/prism-parts.ts',
    'src/openapi/load/official-schemas.ts',
    'src/openapi/load/official/3.0.json',
    'src/openapi/load/official/3.1.json',
    'test/libraries/bundle.ts',
    'test/libraries/resolver.cjs',
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
