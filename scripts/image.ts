// `npm run image`: the root file systems that Containerfile takes, below build/image/: Node, the libraries that it needs, and
// the package; and, for `verify`, what it needs beside them. `--arch arm64` makes them for another processor.
import { execFile } from 'node:child_process';
import {
  chmod,
  copyFile,
  cp,
  lutimes,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { parseArgs, promisify } from 'node:util';
import { Enums, type Models } from '@cyclonedx/cyclonedx-library';
import { codeOf, messageOf } from '../src/util/errors.ts';
import { fieldsOf, parseObject, textAt } from '../src/util/json.ts';
import { billOfImage, componentOf, packageIn } from './sbom.ts';

interface Platform {
  /** Where this machine keeps the platform's libraries. */
  libraries: readonly string[];
  /** The loader, at the path that the kernel looks for. */
  loader: string;
  /** Beginning of the names of its tools. */
  tools: string;
  /** What has the libraries and tools, on Debian. */
  packages: string;
  /** What the names of its packages of libraries end with. */
  suffix: string;
}

const platforms: Record<string, Platform> = {
  x64: {
    libraries: ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64'],
    loader: '/lib64/ld-linux-x86-64.so.2',
    tools: '',
    packages: 'binutils',
    suffix: '',
  },
  arm64: {
    libraries: ['/usr/aarch64-linux-gnu/lib'],
    loader: '/lib/ld-linux-aarch64.so.1',
    tools: 'aarch64-linux-gnu-',
    packages: 'binutils-aarch64-linux-gnu libc6-arm64-cross libgcc-s1-arm64-cross libstdc++6-arm64-cross',
    suffix: '-arm64-cross',
  },
};

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

const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } } });
const platform = platforms[values.arch];
if (platform === undefined || process.platform !== 'linux')
  fail(`An image is made on Linux, for ${Object.keys(platforms).join(' or ')}.`);
await mkdir('build', { recursive: true });
const folder = await mkdtemp('build/');
try {
  await mockRoot(platform, join(folder, 'mock'));
  const installed = await verifyRoot(platform, join(folder, 'verify'));
  const system = await systemOf(platform);
  await addBill('mock', system);
  await addBill('verify', [...system, ...(await Promise.all(installed.map(packageIn)))]);
  await settle(folder);
  await rm('build/image', { recursive: true, force: true });
  await rename(folder, 'build/image');
} catch (error) {
  await rm(folder, { recursive: true, force: true });
  if (codeOf(error) === 'ENOENT') fail(`${messageOf(error)}\nOn Debian: apt-get install ${platform.packages}`);
  throw error;
}
const build = `buildah build --timestamp 0 --format docker --arch ${values.arch === 'x64' ? 'amd64' : 'arm64'}`;
process.stdout.write(
  `The root file systems are in build/image. Now:\n${build} --target mock --tag arzamed-devkit --file Containerfile build/image\n`,
);

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

async function mockRoot(to: Platform, root: string): Promise<void> {
  const node = await nodePackage();
  const binary = join(root, 'usr/bin/node');
  await mkdir(dirname(binary), { recursive: true });
  await execute(`${to.tools}strip`, ['-o', binary, join(node, 'bin/node')]);
  await addLibraries(to, root, binary);
  const licences = join(root, 'usr/share/doc');
  await mkdir(join(licences, 'node'), { recursive: true });
  await copyFile(join(node, 'LICENSE'), join(licences, 'node/LICENSE'));
  for (const name of Object.keys(libraryPackages))
    await cp(await realpath(join('/usr/share/doc', name, 'copyright')), join(licences, name, 'copyright'));
  await addPackage(root);
  // `exec`, `certify` and Pact write temporary files.
  await mkdir(join(root, 'tmp'));
}

/** The folder of Node's package for the platform, of the version that the project uses. */
async function nodePackage(): Promise<string> {
  const installed = `node_modules/node/node_modules/node-linux-${values.arch}`;
  // npm removes it with the next package that it installs.
  if (await exists(installed)) return installed;
  const { version } = parseObject(await readFile('node_modules/node/package.json', 'utf8')) ?? {};
  return unpacked(`node-linux-${values.arch}@${String(version)}`, 'node');
}

/** Unpacks a package, from the registry or of this checkout, and returns its folder. */
async function unpacked(specifier: string, name: string): Promise<string> {
  const to = join(folder, 'packed', name);
  await mkdir(to, { recursive: true });
  await execute('npm', ['pack', specifier, '--silent', '--ignore-scripts', '--pack-destination', to]);
  const packed = (await readdir(to)).filter((name) => name.endsWith('.tgz'));
  await execute('tar', ['-x', '-f', join(to, ...packed), '-C', to, '--no-same-owner']);
  return join(to, 'package');
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

async function addPackage(root: string): Promise<void> {
  const to = join(root, packages, 'arzamed-devkit');
  await mkdir(dirname(to), { recursive: true });
  await rename(await unpacked('.', 'arzamed-devkit'), to);
}

/** Node, and Debian's packages of which there is a library in the image. */
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
async function addBill(target: string, components: readonly Models.Component[]): Promise<void> {
  const to = join(folder, target, bill);
  const { version } = parseObject(await readFile('package.json', 'utf8')) ?? {};
  await mkdir(dirname(to), { recursive: true });
  const packed = await readFile(join(folder, 'mock', packages, 'arzamed-devkit/dist/sbom.cdx.json'), 'utf8');
  const image = componentOf(`arzamed-devkit-${target}`, String(version), 'MIT');
  image.type = Enums.ComponentType.Container;
  await writeFile(to, billOfImage(packed, image, components));
}

/** @returns the folders of the packages in it. */
async function verifyRoot(to: Platform, root: string): Promise<string[]> {
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
  const native = `@pact-foundation/pact-core-linux-${values.arch}-glibc`;
  const { optionalDependencies } =
    parseObject(await readFile(`node_modules/${verifiers[0]}/package.json`, 'utf8')) ?? {};
  const version = textAt(optionalDependencies, native);
  const from =
    values.arch === process.arch ? join('node_modules', native) : await unpacked(`${native}@${version}`, 'pact');
  await cp(from, join(root, packages, native), { recursive: true });
  const libraries = await readdir(join(root, packages, native), { recursive: true });
  for (const name of libraries.filter((each) => /\.(so|node)$/.test(each))) {
    const file = join(root, packages, native, name);
    await execute(`${to.tools}strip`, ['--strip-unneeded', file]);
    await addLibraries(to, join(folder, 'mock'), file);
  }
  return [...installed, from];
}

/** The folders of packages and of all that they depend on. */
async function withDependencies(names: readonly string[], from = '', seen = new Set<string>()): Promise<Set<string>> {
  for (const name of names) {
    const path = await firstExisting(holders(from).map((holder) => join(holder, 'node_modules', name))).catch(
      () => undefined,
    );
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const { dependencies } = parseObject(await readFile(join(path, 'package.json'), 'utf8')) ?? {};
    await withDependencies(Object.keys(fieldsOf(dependencies) ?? {}), path, seen);
  }
  return seen;
}

/** A folder and those above it. */
function holders(path: string): string[] {
  return path === '' || path === '.' ? [''] : [path, ...holders(dirname(path))];
}

async function firstExisting(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await exists(path)) return path;
  throw Object.assign(new Error(`${paths.join(', ')}: there is no such file.`), { code: 'ENOENT' });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
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

async function execute(command: string, args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(command, args, {
    maxBuffer: 64 << 20,
    env: { ...process.env, PATH: `${resolve('node_modules/.bin')}:${process.env['PATH']}` },
  });
}
