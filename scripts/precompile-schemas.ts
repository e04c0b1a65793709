// OpenAPI's own schemas as code. To compile them takes longer than everything else that happens before the mock listens.
import standalone from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';
import { compileOfficial } from '../src/openapi/load/official-schemas.ts';

/** Puts the compiled schemas in place of the module that compiles them. Each is loaded when a document asks for it. */
export const precompiledSchemas: Plugin = {
  name: 'precompiled-schemas',
  setup: (bundler) => {
    bundler.onLoad({ filter: /[\\/]load[\\/]official-schemas\.ts$/ }, () => ({
      contents: `
        const checks = { '3.0': () => import('openapi-schema:3.0'), '3.1': () => import('openapi-schema:3.1') };
        export const officialCheck = async (version) => (await checks[version]()).default;`,
      resolveDir: 'src/openapi/load',
      loader: 'js',
    }));
    bundler.onResolve({ filter: /^openapi-schema:/ }, ({ path }) => ({
      path: path.replace(/^openapi-schema:/, ''),
      namespace: 'openapi-schema',
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'openapi-schema' }, async ({ path }) => {
      const { ajv, check } = await compileOfficial(path === '3.0' ? '3.0' : '3.1', { source: true, esm: true });
      return { contents: standalone.default(ajv, check), resolveDir: process.cwd(), loader: 'js' };
    });
  },
};
