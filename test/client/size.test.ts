import { builtinModules } from 'node:module';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';

/** Bytes after minification and gzip, with everything, the operation table included. */
const budget = 4608;

const { outputFiles, metafile } = await build({
  entryPoints: ['src/client/index.ts'],
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
  metafile: true,
  logLevel: 'silent',
  // What is asked of Node stays in the bundle as an import, for the test to see.
  external: ['node:*', ...builtinModules],
});
const [output] = Object.values(metafile.outputs);
const inputs = Object.entries(output?.inputs ?? {}).map(([name, { bytesInOutput }]) => ({
  name,
  bytes: bytesInOutput,
}));

test('the client is no larger than its budget', () => {
  const size = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength;
  const largest = inputs.toSorted((a, b) => b.bytes - a.bytes).map(({ name, bytes }) => `${bytes} ${name}`);
  // A list, so that a failure names what came in, largest first; bytes before gzip.
  expect(size > budget ? [`${size} of ${budget} bytes`, ...largest] : []).toEqual([]);
});

test('the client imports nothing, of Node or of a package', () => {
  expect(output?.imports).toEqual([]);
  expect(inputs.map(({ name }) => name).filter((name) => name.includes('node_modules'))).toEqual([]);
});

test('the client is made of its own folder and what was generated for it', () => {
  const strangers = inputs.filter(({ name }) => !/^src\/(client\/|generated\/operations\.ts$)/.test(name));
  expect(strangers).toEqual([]);
});
