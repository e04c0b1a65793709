// What `npm run image` and `npm run binary` share: Node for a platform of Linux, packages, and a folder below build/ that
// is replaced when it is whole. `--arch arm64` makes it for another processor.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { codeOf, messageOf } from '../src/util/errors.ts';
import { fieldsOf, parseObject } from '../src/util/json.ts';

export interface Platform {
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

const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } } });

/** As Node names it. */
export const arch = values.arch;

/** Makes a folder below build/; what was there is replaced at the end. Ends the process where something is missing. */
export async function make(name: string, fill: (folder: string, platform: Platform) => Promise<void>): Promise<void> {
  const platform = platforms[arch];
  if (platform === undefined || process.platform !== 'linux')
    fail(`It is made on Linux, for ${Object.keys(platforms).join(' or ')}.`);
  await mkdir('build', { recursive: true });
  const folder = await mkdtemp('build/');
  try {
    await fill(folder, platform);
    await rm(join(folder, 'packed'), { recursive: true, force: true });
    await chmod(folder, 0o755);
    await rm(join('build', name), { recursive: true, force: true });
    await rename(folder, join('build', name));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (codeOf(error) === 'ENOENT') fail(`${messageOf(error)}\nOn Debian: apt-get install ${platform.packages}`);
    throw error;
  }
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

/**
 * Node for the platform, of the version that the project uses, without its symbols.
 * @returns its licence.
 */
export async function stripNode(folder: string, { tools }: Platform, to: string): Promise<string> {
  const { version } = parseObject(await readFile('node_modules/node/package.json', 'utf8')) ?? {};
  // npm removes it with the next package that it installs.
  const installed = `node_modules/node/node_modules/node-linux-${arch}`;
  const from = (await exists(installed)) ? installed : await unpacked(folder, `node-linux-${arch}@${String(version)}`);
  await mkdir(dirname(to), { recursive: true });
  await execute(`${tools}strip`, ['-o', to, join(from, 'bin/node')]);
  return join(from, 'LICENSE');
}

/** Unpacks a package, from the registry or of this checkout, and returns its folder. */
export async function unpacked(folder: string, specifier: string): Promise<string> {
  const to = await mkdtemp(join(await made(join(folder, 'packed')), 'package-'));
  await execute('npm', ['pack', specifier, '--silent', '--ignore-scripts', '--pack-destination', to]);
  const packed = (await readdir(to)).filter((name) => name.endsWith('.tgz'));
  await execute('tar', ['-x', '-f', join(to, ...packed), '-C', to, '--no-same-owner']);
  return join(to, 'package');
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}

/** The folders of packages and of all that they depend on. */
export async function withDependencies(
  names: readonly string[],
  from = '',
  seen = new Set<string>(),
): Promise<Set<string>> {
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

export async function firstExisting(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await exists(path)) return path;
  throw Object.assign(new Error(`${paths.join(', ')}: there is no such file.`), { code: 'ENOENT' });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export async function execute(command: string, args: readonly string[], cwd = '.'): Promise<{ stdout: string }> {
  return promisify(execFile)(command, args, {
    cwd,
    maxBuffer: 64 << 20,
    env: { ...process.env, PATH: `${resolve('node_modules/.bin')}:${process.env['PATH']}` },
  });
}
