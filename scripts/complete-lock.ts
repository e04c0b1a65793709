// npm leaves platform packages out of the lock file when the registry in use does not carry them, and `npm ci` then
// refuses the lock file on every platform. This adds what is missing, by the platform that the package's name says, so
// that `npm ci` passes over it where it does not apply. Run it after each change of the dependencies.
import { readFile } from 'node:fs/promises';
import { writeFiles } from '../src/util/files.ts';
import { entriesOf, parseObject, valueAt } from '../src/util/json.ts';

const lock = parseObject(await readFile('package-lock.json', 'utf8')) ?? {};
const packages = new Map(entriesOf(valueAt(lock, ['packages'])));

for (const entry of packages.values()) {
  for (const [name, version] of entriesOf(valueAt(entry, ['optionalDependencies']))) {
    const path = `node_modules/${name}`;
    if ([...packages.keys()].some((other) => other === path || other.endsWith(`/${path}`))) continue;
    const dev = valueAt(entry, ['dev']) === true ? { dev: true } : {};
    packages.set(path, { version, ...platformOf(name), ...dev, optional: true });
  }
}

const sorted = [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1));
await writeFiles('.', {
  'package-lock.json': `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
});

/** `@oxlint/binding-linux-x64-musl` is for Linux on x64 with musl. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } {
  const match = /(aix|android|darwin|freebsd|linux|openharmony|win32)-(\w+)(?:-(\w+))?$/.exec(name);
  if (!match) throw new Error(`The name of ${name} does not say its platform: add it to the lock file by hand.`);
  const [, os = '', cpu = '', abi = ''] = match;
  const libc = os !== 'linux' || abi === '' ? {} : { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] };
  return { os: [os], cpu: [cpu], ...libc };
}
