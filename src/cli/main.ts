#!/usr/bin/env node
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
  });
}
let fatal: NodeJS.Signals | undefined;
const code = await run(process.argv.slice(2), { descriptors, onFatalSignal: (signal) => (fatal = signal) });
process.exitCode ??= lost && code === 0 && command !== 'exec' ? 2 : code;
// A mock that is stopped waits for no reader of its log.
if (command === 'mock') setTimeout(() => process.exit(), 200).unref();
// A shell ends its loop if a command dies of Ctrl-C, not if it exits. Where Node ignores the signal, the exit code stands.
const isFatal = fatal !== undefined && fatal !== 'SIGUSR1' && process.platform !== 'win32';
if (isFatal) process.kill(process.pid, fatal);
