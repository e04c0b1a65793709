#!/usr/bin/env node
import { codeOf } from '../util/errors.ts';
import { run } from './commands.ts';

// Users cannot act on deprecations in bundled libraries.
process.noDeprecation = true;
// Node reports a closed pipe, as of `head`, by an error: exit as a shell reports SIGPIPE (128 + 13), without a stack trace.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (codeOf(error) !== 'EPIPE') throw error;
    process.exitCode = 141;
  });
}
const code = await run(process.argv.slice(2));
process.exitCode ??= code;
// A mock that is stopped waits for no reader of its log.
if (process.argv[2] === 'mock') setTimeout(() => process.exit(), 200).unref();
