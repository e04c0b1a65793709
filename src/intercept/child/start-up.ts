import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { attempt } from '../../util/errors.ts';
import { packageFile } from '../../util/files.ts';
import { quoteForShell } from './print-environment.ts';
import type { PrivateFolder } from './private-directory.ts';

/** Paths of what runtimes load before a program. */
export interface StartUpFiles {
  /** For Node and Bun. */
  preload: string;
  /** A folder of programs such as `node`, which keep these files where a script sets NODE_OPTIONS or PYTHONPATH anew. */
  bin: string | undefined;
  /** A folder with Python's `sitecustomize`. */
  python: string;
  ruby: string;
  php: string;
  /** What these files cannot reach, a sentence each. */
  notes: string[];
}

/**
 * Writes what runtimes load before a program.
 * @param lasts whether the environment may outlive the folder, as one that is printed for a shell does.
 * @param path the program's PATH.
 */
export function writeStartUpFiles(folder: PrivateFolder, lasts: boolean, path = ''): StartUpFiles {
  const original = (name: string): string => packageFile(`src/intercept/child/startup/${name}`);
  const copy = (name: string): string => folder.write(`startup/${name}`, readFileSync(original(name)));
  // Without these files Node and Ruby do not start. Other users, and Bun in Yarn's zips, read the copies alone.
  const kept = lasts && process.versions['pnp'] === undefined ? original : copy;
  const files = {
    preload: kept('node-preload.cjs'),
    python: dirname(copy('sitecustomize.py')),
    ruby: kept('arzamed.rb'),
  };
  const option = quoteOption(`--require=${files.preload}`, 'node');
  const wanted = [
    ['node', keeper('NODE_OPTIONS', ' ', option)],
    ...['python3', 'python'].map((name) => [name, keeper('PYTHONPATH', delimiter, files.python)] as const),
  ].filter(([name = '']) => !lasts && isOnPath(name, path));
  const [bin] = wanted.map(([name = '', program = '']) => folder.writeProgram(`bin/${name}`, program));
  const lost =
    'TMPDIR lets no program run: Node and Python are not redirected where a script sets NODE_OPTIONS or PYTHONPATH anew.';
  return { ...files, bin, notes: wanted.length > 0 && bin === undefined ? [lost] : [], php: copy('prepend.php') };
}

/** A program that stands first on PATH: it adds to a variable what is ours, and becomes the next of its name there. */
function keeper(variable: string, separator: string, own: string): string {
  return `#!/bin/sh
own=${quoteForShell(own)}
case "$${variable}" in
  *"$own"*) ;;
  *) export ${variable}="\${${variable}:+$${variable}${separator}}$own" ;;
esac
set -f
IFS=:
for folder in $PATH; do
  next=\${folder:-.}/\${0##*/}
  if [ -f "$next" ] && [ -x "$next" ] && ! [ "$next" -ef "$0" ]; then exec "$next" "$@"; fi
done
echo "\${0##*/}: not found" >&2
exit 127
`;
}

function isOnPath(program: string, path: string): boolean {
  const isThere = (file: string): boolean =>
    attempt(() => {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    }) === true;
  return process.platform !== 'win32' && path.split(delimiter).some((folder) => isThere(join(folder, program)));
}

/** A folder of settings for PHP. */
export function writePhpSettings(folder: PrivateFolder, bundle: string, prepended: string | undefined): string {
  const files = { 'openssl.cafile': bundle, 'curl.cainfo': bundle, auto_prepend_file: prepended };
  const lines = Object.entries(files).flatMap(([name, path]) =>
    path === undefined ? [] : [`${name}="${path.replaceAll(/["\\$]/g, String.raw`\$&`)}"\n`],
  );
  return dirname(folder.write('php/arzamed.ini', lines.join('')));
}

/**
 * Quotes an option for a variable that holds several, but only if needed: some tools split such variables at every space.
 * @param style Node quotes by `"`, with `\` before `"` and `\`; Java by `"` or `'`, without escapes.
 */
export function quoteOption(option: string, style: 'node' | 'java'): string {
  if (!/[\s"'\\]/.test(option)) return option;
  if (style === 'node') return `"${option.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  // A path may contain one kind of quote: each stretch gets quotes of the other kind.
  return (option.match(/[^"]+|"+/g) ?? []).map((part) => (part.startsWith('"') ? `'${part}'` : `"${part}"`)).join('');
}
