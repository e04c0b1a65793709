// `npm run binary`: one file for Linux that needs no Node, below build/linux-x64/: Node, the package, and what `types` and
// `client` load. Pact's native part cannot go in, so `verify` checks no provider.
import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { parseObject } from '../src/util/json.ts';
import { arch, execute, make, stripNode, unpacked, withDependencies } from './packing.ts';

/** By the name of a file that the executable contains: where it lies now. */
type Files = Record<string, string>;

/** What `types` and `client` load where it is installed. */
const generators = ['openapi-typescript', 'typescript'];

/** What no command reads: TypeScript's compiler and editor support, declarations, source maps, documentation. */
const unread = /\/typescript\/lib\/(?!typescript\.js$)|\.d\.[cm]?ts$|\.map$|\.md$|\/docs\//;

const target = `linux-${arch}`;

await make(target, async (folder, platform) => {
  const binary = join(folder, 'arzamed');
  const at = (name: string): string => join(folder, 'packed', name);
  const licence = await stripNode(folder, platform, binary);
  const files: Files = { 'NODE-LICENSE.txt': licence };
  const own = await unpacked(folder, '.');
  await add(files, own, 'node_modules/arzamed-devkit');
  for (const path of await withDependencies(generators)) await add(files, path, path);
  await build({
    entryPoints: ['scripts/one-file.ts'],
    outfile: at('main.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    logLevel: 'error',
  });
  const all = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const name = await nameOf(own, all);
  const configuration = {
    // Kept in the executable as it stands here.
    main: 'main.cjs',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    assets: Object.fromEntries(all.map(([path, file]) => [`${name}/${path}`, resolve(file)])),
  };
  await writeFile(at('sea.json'), JSON.stringify(configuration));
  await execute(process.execPath, ['--experimental-sea-config', 'sea.json'], at(''));
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  await execute('postject', [binary, 'NODE_SEA_BLOB', at('blob'), '--sentinel-fuse', fuse]);
  await chmod(binary, 0o755);
});
const { size } = await stat(`build/${target}/arzamed`);
process.stdout.write(`The executable is build/${target}/arzamed, ${(size / 1e6).toFixed(0)} MB.\n`);

async function add(files: Files, from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = relative(from, join(entry.parentPath, entry.name));
    // Nested packages are named by those that need them.
    if (path.includes('node_modules/') || unread.test(join(to, path))) continue;
    files[join(to, path)] = join(from, path);
  }
}

/** The same for the same files, another for others. */
async function nameOf(own: string, all: readonly (readonly [string, string])[]): Promise<string> {
  const { version } = parseObject(await readFile(join(own, 'package.json'), 'utf8')) ?? {};
  const hash = createHash('sha256');
  for (const [path, file] of all)
    hash.update(`${path}\0`).update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  return `${String(version)}-${hash.digest('hex').slice(0, 16)}`;
}
