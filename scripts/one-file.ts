// What the executable of `npm run binary` runs first: it unpacks the package that it contains into a folder of this user, once,
// and starts the command from there, so that programs find its files by their paths and Node keeps its compiled code.
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getAssetKeys, getRawAsset } from 'node:sea';
import { pathToFileURL } from 'node:url';
import { attempt, messageOf } from '../src/util/errors.ts';

/** Paths, each below one folder that is named by version and content. */
const names = getAssetKeys();
const name = names[0]?.split('/')[0] ?? '';

void start();

async function start(): Promise<void> {
  let folder: string;
  try {
    folder = attempt(keptFolder) ?? join(temporaryFolder(), name);
  } catch (error) {
    process.stderr.write(
      `arzamed: It cannot unpack itself (${messageOf(error)}). Set TMPDIR to a folder that can be written to.\n`,
    );
    process.exitCode = 2;
    return;
  }
  await import(pathToFileURL(join(folder, 'node_modules/arzamed-devkit/dist/cli/main.js')).href);
}

/** Undefined where it cannot be made, or where others could have written to it. */
function keptFolder(): string | undefined {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'arzamed-devkit');
  const kept = join(cache, name);
  if (attempt(() => statSync(kept)) === undefined) {
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    const unfinished = mkdtempSync(join(cache, 'unfinished-'));
    try {
      unpack(unfinished);
      // Another process may have done the same.
      attempt(() => renameSync(join(unfinished, name), kept));
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  const { uid, mode } = statSync(kept);
  return uid === process.getuid?.() && (mode & 0o022) === 0 ? kept : undefined;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'arzamed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  unpack(folder);
  return folder;
}

function unpack(folder: string): void {
  for (const parent of new Set(names.map(dirname))) mkdirSync(join(folder, parent), { recursive: true, mode: 0o755 });
  for (const each of names) writeFileSync(join(folder, each), new Uint8Array(getRawAsset(each)), { mode: 0o644 });
}
