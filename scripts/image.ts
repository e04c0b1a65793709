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
import { Enums, type Models } from '@cyclonedx/cyclonedx-library';
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
import { billOfImage, componentOf, packageIn } from './sbom.ts';

/** Debian's packages of the libraries, with their licences, whose texts go into the image. */
const libraryPackages = {
  libc6: 'LGPL-2.1-or-later',
  'libgcc-s1': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libstdc++6': 'GPL-3.0-or-later WITH GCC-exception-3.1',
};

/** What `verify` loads where it is installed. */
const verifiers = ['@pact-foundation/pact-core', '@redocly/openapi-core'];

const packages = 'usr/lib/node_modules';

/** The bill of materials of the image. */
const bill = 'usr/share/sbom/arzamed-devkit.cdx.json';

await make('image', async (folder, platform) => {
  await mockRoot(platform, folder);
  const installed = await verifyRoot(platform, folder);
  const system = await systemOf(platform);
  await addBill(folder, 'mock', system);
  await addBill(folder, 'verify', [...system, ...(await Promise.all(installed.map(packageIn)))]);
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
  for (const name of Object.keys(libraryPackages))
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

/** Node, and Debian's packages that a library in the image comes from. */
async function systemOf({ suffix }: Platform): Promise<Models.Component[]> {
  const node = parseObject(await readFile('node_modules/node/package.json', 'utf8')) ?? {};
  const version = textAt(node, 'version') ?? '';
  const cpe = `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`;
  const libraries = Object.entries(libraryPackages).map(async ([name, licence]) => {
    const { stdout } = await execute('dpkg-query', ['--show', '--showformat', '${Version}', `${name}${suffix}`]);
    const purl = `pkg:deb/debian/${encodeURIComponent(name + suffix)}@${encodeURIComponent(stdout)}`;
    return componentOf(name, stdout, licence, { purl });
  });
  const purl = `pkg:github/nodejs/node@v${version}`;
  return [componentOf('node', version, 'MIT', { purl, cpe }), ...(await Promise.all(libraries))];
}

/** Writes the bill of materials of an image. */
async function addBill(folder: string, target: string, components: readonly Models.Component[]): Promise<void> {
  const to = join(folder, target, bill);
  const { version } = parseObject(await readFile('package.json', 'utf8')) ?? {};
  await mkdir(dirname(to), { recursive: true });
  const packed = await readFile(join(folder, 'mock', packages, 'arzamed-devkit/dist/sbom.cdx.json'), 'utf8');
  const image = componentOf(`arzamed-devkit-${target}`, String(version), 'MIT');
  image.type = Enums.ComponentType.Container;
  await writeFile(to, billOfImage(packed, image, components));
}

/** @returns the folders of the packages in it. */
async function verifyRoot(to: Platform, folder: string): Promise<string[]> {
  const root = join(folder, 'verify');
  // Pact's verifier wants those of the system, even for plain HTTP; these are Node's own.
  const authorities = join(root, 'etc/ssl/certs/ca-certificates.crt');
  await mkdir(dirname(authorities), { recursive: true });
  await writeFile(authorities, `${rootCertificates.join('\n')}\n`);
  const installed = await withDependencies(verifiers);
  for (const from of installed) {
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
  return [...installed, from];
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
