// Which parts of the libraries are omitted, bundled once, or loaded on demand: each start reads all the rest.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { parseObject } from '../src/util/json.ts';

/**
 * Prism can read Postman collections too, but only OpenAPI ever comes to it here (`readSpec()` refuses all else); and it can
 * forward requests and call back, but the mock calls nobody. What it needs for both would be a third of the package.
 */
export const withoutUnused: Plugin = {
  name: 'without-unused',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^(postman-collection|node-fetch)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    bundler.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: '', loader: 'js' }));
  },
};

/** Of lodash's functional half Prism needs one function; to make all of them takes longer than the rest of lodash. */
export const oneOfLodash: Plugin = {
  name: 'one-of-lodash',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^lodash\/fp$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'lodash-fp',
      pluginData: resolveDir,
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'lodash-fp' }, ({ pluginData: resolveDir }) => ({
      contents: "exports.set = require('lodash/fp/set');",
      resolveDir,
      loader: 'js',
    }));
  },
};

/** What is read when it is first needed, by the name under which it is asked for. Each is a file of its own in `dist/chunks/`. */
export const late: Record<string, { entry: string; file: string; contents: string }> = {
  // Prism makes up values when a request prefers them. English only; the other 70 languages would be half of the package.
  '@faker-js/faker': {
    entry: '@faker-js/faker/locale/en',
    file: 'faker.cjs',
    contents: "exports.faker = new Proxy({}, { get: (_, name) => require('./faker.cjs').faker[name] });",
  },
  // Express needs it for bodies that are texts, which only the control API has.
  'iconv-lite': {
    entry: 'iconv-lite',
    file: 'iconv-lite.cjs',
    contents: "module.exports = new Proxy({}, { get: (_, name) => require('./iconv-lite.cjs')[name] });",
  },
};

export const readWhenNeeded: Plugin = {
  name: 'read-when-needed',
  setup: (bundler) => {
    const files = new Set(Object.values(late).map(({ file }) => `./${file}`));
    bundler.onResolve({ filter: /./ }, ({ path }) => {
      if (files.has(path)) return { path, external: true };
      return Object.hasOwn(late, path) ? { path, namespace: 'late' } : undefined;
    });
    bundler.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: late[path]?.contents ?? '',
      loader: 'js',
    }));
  },
};

/** npm puts the same version of a package under each of those that need it; once is enough. */
export const sameOnce: Plugin = {
  name: 'same-once',
  setup: (bundler) => {
    const folders = new Map<string, string>();
    const resolving = {};
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, resolveDir, kind, importer, pluginData }) => {
      if (pluginData === resolving) return undefined;
      const found = await bundler.resolve(path, { resolveDir, kind, importer, pluginData: resolving });
      const [, folder = '', file = ''] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)(\/.*)$/.exec(found.path) ?? [];
      if (found.errors.length > 0 || found.external || found.namespace !== 'file' || folder === '') return undefined;
      const { name, version } = parseObject(await readFile(`${folder}/package.json`, 'utf8')) ?? {};
      if (typeof name !== 'string' || typeof version !== 'string') return found;
      const first = folders.get(`${name}@${version}`) ?? folder;
      folders.set(`${name}@${version}`, first);
      return { ...found, path: first + file };
    });
  },
};
