#!/usr/bin/env node
import { codeOf } from '../util/errors.ts';
import { reasonOf } from '../util/files.ts';
import { run } from './commands.ts';

// Users cannot act on deprecations in bundled libraries.
process.noDeprecation = true;
let lost = false;
// Node reports a closed pipe, as of `head`, by an error: exit as a shell reports SIGPIPE (128 + 13), without a stack trace.
// What cannot be written for another reason, as on a full disk, ends nothing: a mock goes on serving.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') process.exitCode = 141;
    else if (!lost && stream === process.stdout) {
      process.stderr.write(`arzamed: The output cannot be written: ${reasonOf(error)}.\n`);
    }
    lost = true;
  });
}
const args = process.argv.slice(2);
const code = await run(args);
// The exit code of `exec` is that of the program, whatever becomes of its notes.
process.exitCode ??= lost && code === 0 && args[0] !== 'exec' ? 2 : code;
// A mock that is stopped waits for no reader of its log.
if (args[0] === 'mock') setTimeout(() => process.exit(), 200).unref();
