#!/usr/bin/env node
import { inheritedDescriptors } from '../intercept/child/descriptors.ts';
import { codeOf } from '../util/errors.ts';
import { run } from './commands.ts';

const [command] = process.argv.slice(2);
// Before anything else opens files.
const descriptors = command === 'exec' ? inheritedDescriptors() : [];
// Users cannot act on deprecations in bundled libraries.
process.noDeprecation = true;
// Node reports a closed pipe, as of `head`, by an error: exit as a shell reports SIGPIPE (128 + 13), without a stack trace.
process.stdout.on('error', (error) => {
  if (codeOf(error) !== 'EPIPE') throw error;
  process.exitCode = 141;
});
// A note that cannot be written changes nothing.
process.stderr.on('error', () => {});
let fatal: NodeJS.Signals | undefined;
const code = await run(process.argv.slice(2), { descriptors, onFatalSignal: (signal) => (fatal = signal) });
process.exitCode ??= code;
// A shell ends its loop if a command dies of Ctrl-C, not if it exits. Where Node ignores the signal, the exit code stands.
const isFatal = fatal !== undefined && fatal !== 'SIGUSR1' && process.platform !== 'win32';
if (isFatal) process.kill(process.pid, fatal);
