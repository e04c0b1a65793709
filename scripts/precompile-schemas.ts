// OpenAPI's own schemas as code. To compile them takes longer than all else that is done before the mock listens.
import { readFile } from 'node:fs/promises';
import addFormats from 'ajv-formats';
import Ajv04 from 'ajv-draft-04';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';

const versions = ['3.0', '3.1'];

/** How the validator comes to its code for a version, and what is written for it here. */
const compiling = /const schema = importJSON\([\s\S]*?= ajv\.compile\(schema\);/;

/** The validator reads OpenAPI's schemas from files beside its own code, which a bundle has not, and compiles them. */
export const precompiledSchemas: Plugin = {
  name: 'precompiled-schemas',
  setup: (bundler) => {
    bundler.onLoad({ filter: /@seriousme[\\/]openapi-schema-validator[\\/]index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!compiling.test(text)) throw new Error(`${path} no longer compiles its schemas as it did.`);
      const imports = versions.map((version, at) => `import validate${at} from 'openapi-schema:${version}';`);
      const table = versions.map((version, at) => `'${version}': validate${at}`).join(', ');
      const chosen = text.replace(compiling, `this.ajvValidators[version] = { ${table} }[version];`);
      // What is no longer used; imported, it would come along.
      const left = chosen.replaceAll(/import (Ajv2020|Ajv04|addFormatsModule) from .*/g, 'const $1 = {};');
      return { contents: `${imports.join('\n')}\n${left}`, loader: 'js' };
    });
    bundler.onResolve({ filter: /^openapi-schema:/ }, ({ path, resolveDir }) => ({
      path: path.replace(/^openapi-schema:/, ''),
      namespace: 'openapi-schema',
      pluginData: resolveDir,
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'openapi-schema' }, async ({ path: version, pluginData: folder }) => ({
      contents: await compile(`${folder}/schemas/v${version}/schema.json`),
      resolveDir: folder,
      loader: 'js',
    }));
  },
};

/** The same settings as those that the validator has, and what `src/spec/validate.ts` gives it. */
async function compile(file: string): Promise<string> {
  const schema: { $schema: string } = JSON.parse(await readFile(file, 'utf8'));
  const Ajv = schema.$schema.includes('draft-04') ? Ajv04.default : Ajv2020;
  const ajv = new Ajv({ strict: false, validateSchema: false, code: { source: true, esm: true } });
  addFormats.default(ajv);
  ajv.addFormat('media-range', true);
  return standalone.default(ajv, ajv.compile(schema));
}
