// npm leaves platform packages out of the lock file when the registry in use does not carry them, and `npm ci` then
// refuses the lock file on every platform. This adds what is missing, by the platform that the package's name says, so
// that `npm ci` passes over it where it does not apply. Run it after each change of the dependencies.
import { readFile } from 'node:fs/promises';
import { writeFiles } from '../src/util/files.ts';

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const lock: { packages: Record<string, Entry> } = JSON.parse(await readFile('package-lock.json', 'utf8'));

for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (Object.keys(lock.packages).some((other) => other === path || other.endsWith(`/${path}`))) continue;
    lock.packages[path] = { version, ...platformOf(name), ...(entry.dev ? { dev: true } : {}), optional: true };
  }
}

const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
await writeFiles('.', {
  'package-lock.json': `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
});

/** `@oxlint/binding-linux-x64-musl` is for Linux on x64 with musl. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const match = /(aix|android|darwin|freebsd|linux|openharmony|win32)-(\w+)(?:-(\w+))?$/.exec(name);
  if (!match) throw new Error(`The name of ${name} does not say its platform: add it to the lock file by hand.`);
  const [, os = '', cpu = '', abi = ''] = match;
  const libc = os !== 'linux' || abi === '' ? {} : { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] };
  return { os: [os], cpu: [cpu], ...libc };
}
