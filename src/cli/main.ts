#!/usr/bin/env node
import { accessSync, constants, mkdirSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { join, sep } from 'node:path';
import { inheritedDescriptors } from '../intercept/child/descriptors.ts';
import { codeOf } from '../util/errors.ts';
import { reasonOf } from '../util/files.ts';
import { run } from './commands.ts';

const [command] = process.argv.slice(2);
// Before anything else opens files.
const descriptors = command === 'exec' ? inheritedDescriptors() : [];
// Users cannot act on deprecations in bundled libraries.
process.noDeprecation = true;
let lost = false;
// Node reports a closed pipe, as of `head`, by an error: exit as a shell reports SIGPIPE (128 + 13), without a stack trace.
// What cannot be written for another reason, as on a full disk, ends nothing: a mock goes on serving.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    // A note that cannot be written changes no exit code of a program.
    if (codeOf(error) === 'EPIPE' && (stream === process.stdout || command !== 'exec')) process.exitCode = 141;
    else if (!lost && stream === process.stdout) {
      process.stderr.write(`arzamed: The output cannot be written: ${reasonOf(error)}.\n`);
    }
    lost = true;
    failIfLost();
  });
}
let fatal: NodeJS.Signals | undefined;
if (command !== undefined && !command.startsWith('-')) keepCompiled();
const code = await run(process.argv.slice(2), { descriptors, onFatalSignal: (signal) => (fatal = signal) });
process.exitCode ??= code;
failIfLost();
// A mock that is stopped waits for no reader of its log.
if (command === 'mock') setTimeout(() => process.exit(), 200).unref();
// A shell ends its loop if a command dies of Ctrl-C, not if it exits. Where Node ignores the signal, the exit code stands.
const isFatal = fatal !== undefined && fatal !== 'SIGUSR1' && process.platform !== 'win32';
if (isFatal) process.kill(process.pid, fatal);

/** The error of a stream may come before the end of a command, or after that of a short one. */
function failIfLost(): void {
  if (lost && process.exitCode === 0 && command !== 'exec') process.exitCode = 2;
}

/**
 * Caches compiled code in `node_modules/.cache`, which other users cannot write to, to make the next start faster.
 * `NODE_COMPILE_CACHE` names another folder, `NODE_DISABLE_COMPILE_CACHE=1` switches it off.
 */
function keepCompiled(): void {
  // Node reads both variables itself; no folder is made in vain.
  if (getCompileCacheDir() !== undefined || process.env['NODE_DISABLE_COMPILE_CACHE']) return;
  const folder = join(nearestModules(import.meta.dirname), '.cache/arzamed-devkit');
  try {
    // Node 24 retries forever if it cannot make the folder.
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    return;
  }
  enableCompileCache(folder);
}

/** The `node_modules` that contains the package, or the package's own in a checkout. */
function nearestModules(here: string): string {
  const name = `${sep}node_modules${sep}`;
  const at = here.lastIndexOf(name);
  return at === -1 ? join(here, '../../node_modules') : here.slice(0, at + name.length);
}
