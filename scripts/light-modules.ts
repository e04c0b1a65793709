// How the bundle asks for the parts of Node, so that a start loads no more of them than it uses.
import { createRequire, isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/** What of these is looked at is loaded, even where nobody uses it: streams, workers, a parser of arguments. */
const lazy = new Set(['fs', 'process', 'util']);

/**
 * Who imports a part of Node as a module gets all that it offers, which Node loads for that: with `node:http`, WebSocket
 * and `fetch` are among it, a tenth of a second on a slow machine. By `require` it gets what it uses. What commander needs
 * for subcommands that are programs of their own is never asked for: there are none.
 */
export const lightModules: Plugin = {
  name: 'light-modules',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^[a-z]/ }, ({ path, kind, importer }) => {
      if (!isBuiltin(path)) return undefined;
      if (kind === 'require-call' || kind === 'dynamic-import') return { path, external: true };
      const isUnused = path === 'node:child_process' && /[\\/]commander[\\/]/.test(importer);
      return { path, namespace: isUnused ? 'unused' : 'light' };
    });
    bundler.onLoad({ filter: /.*/, namespace: 'light' }, ({ path }) => ({
      contents: lazy.has(path.replace('node:', '')) ? oneByOne(path) : `module.exports = ${asked(path)};`,
      loader: 'js',
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => ${asked(path)}[name] });`,
      loader: 'js',
    }));
  },
};

const asked = (path: string): string => `require(${JSON.stringify(path)})`;

/** A module whose unused exports esbuild leaves out, and so never looks at. */
function oneByOne(path: string): string {
  const names = Object.getOwnPropertyNames(require(path)).filter((name) => /^[a-z]\w*$/i.test(name));
  const exported = names.map((name) => `const _${name} = /* @__PURE__ */ get('${name}');`);
  const list = names.map((name) => `_${name} as ${name}`).join(', ');
  const got = `const all = ${asked(path)};\nconst get = (name) => all[name];\nexport default all;`;
  return `${got}\n${exported.join('\n')}\nexport { ${list} };`;
}
