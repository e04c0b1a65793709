// `npm run image`: the root file systems that Containerfile takes, below build/image/: Node, the libraries that it needs, and
// the package; and, for `verify`, what it needs beside them.
import {
  chmod,
  copyFile,
  cp,
  lutimes,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { parseObject, textAt } from '../src/util/json.ts';
import {
  arch,
  execute,
  exists,
  firstExisting,
  make,
  stripNode,
  unpacked,
  withDependencies,
  type Platform,
} from './packing.ts';

/** Debian's packages of the libraries; their licences go into the image. */
const libraryPackages = ['libc6', 'libgcc-s1', 'libstdc++6'];

/** What `verify` loads where it is installed. */
const verifiers = ['@pact-foundation/pact-core', '@redocly/openapi-core'];

const packages = 'usr/lib/node_modules';

await make('image', async (folder, platform) => {
  await mockRoot(platform, folder);
  await verifyRoot(platform, folder);
  await settle(folder);
});
const build = `buildah build --timestamp 0 --format docker --arch ${arch === 'x64' ? 'amd64' : 'arm64'}`;
process.stdout.write(
  `The root file systems are in build/image. Now:\n${build} --target mock --tag arzamed-devkit --file Containerfile build/image\n`,
);

async function mockRoot(to: Platform, folder: string): Promise<void> {
  const root = join(folder, 'mock');
  const binary = join(root, 'usr/bin/node');
  const licence = await stripNode(folder, to, binary);
  await addLibraries(to, root, binary);
  const licences = join(root, 'usr/share/doc');
  await mkdir(join(licences, 'node'), { recursive: true });
  await copyFile(licence, join(licences, 'node/LICENSE'));
  for (const name of libraryPackages)
    await cp(await realpath(join('/usr/share/doc', name, 'copyright')), join(licences, name, 'copyright'));
  await mkdir(join(root, packages), { recursive: true });
  await rename(await unpacked(folder, '.'), join(root, packages, 'arzamed-devkit'));
  // `exec`, `certify` and Pact write temporary files.
  await mkdir(join(root, 'tmp'));
}

/** Copies the libraries that a program or library names, and those that these name. */
async function addLibraries(to: Platform, root: string, file: string): Promise<void> {
  const { stdout } = await execute(`${to.tools}readelf`, ['--dynamic', file]);
  const names = [...stdout.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name = '']) => name);
  for (const name of names) {
    const target = join(root, name === basename(to.loader) ? to.loader : join('lib', name));
    if (await exists(target)) continue;
    // A library of the package beside it.
    if (await exists(join(dirname(file), name))) continue;
    const source = await firstExisting(to.libraries.map((each) => join(each, name)));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(await realpath(source), target);
    await addLibraries(to, root, target);
  }
}

async function verifyRoot(to: Platform, folder: string): Promise<void> {
  const root = join(folder, 'verify');
  // Pact's verifier wants those of the system, even for plain HTTP; these are Node's own.
  const authorities = join(root, 'etc/ssl/certs/ca-certificates.crt');
  await mkdir(dirname(authorities), { recursive: true });
  await writeFile(authorities, `${rootCertificates.join('\n')}\n`);
  for (const from of await withDependencies(verifiers)) {
    await cp(from, join(root, 'usr/lib', from), {
      recursive: true,
      filter: (path) => !path.slice(from.length).includes('/node_modules'),
    });
  }
  const native = `@pact-foundation/pact-core-linux-${arch}-glibc`;
  const { optionalDependencies } =
    parseObject(await readFile(`node_modules/${verifiers[0]}/package.json`, 'utf8')) ?? {};
  const version = textAt(optionalDependencies, native);
  const from = arch === process.arch ? join('node_modules', native) : await unpacked(folder, `${native}@${version}`);
  await cp(from, join(root, packages, native), { recursive: true });
  const libraries = await readdir(join(root, packages, native), { recursive: true });
  for (const name of libraries.filter((each) => /\.(so|node)$/.test(each))) {
    const file = join(root, packages, native, name);
    await execute(`${to.tools}strip`, ['--strip-unneeded', file]);
    await addLibraries(to, join(folder, 'mock'), file);
  }
}

/** The same modes and times on every machine, so that the image has the same bytes. */
async function settle(root: string): Promise<void> {
  await rm(join(root, 'packed'), { recursive: true, force: true });
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    const isProgram = entry.isDirectory() || (mode & 0o100) !== 0;
    await chmod(path, path === join(root, 'mock/tmp') ? 0o1777 : isProgram ? 0o755 : 0o644);
    await lutimes(path, 0, 0);
  }
}
