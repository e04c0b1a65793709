import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes that each client adds to a program that uses it as the contestant beside this file does, minified and gzip. */
export async function bundleSizes(): Promise<Record<string, number[]>> {
  const files = { 'arzamed-devkit': 'arzamed.ts', 'openapi-fetch': 'openapi-fetch.ts', ky: 'ky.ts' };
  const sizes = Object.entries(files).map(async ([name, file]) => {
    const measured = [await bundleSize(file)];
    return [name, measured] as const;
  });
  return Object.fromEntries(await Promise.all(sizes));
}

async function bundleSize(file: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength;
}
