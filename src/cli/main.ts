#!/usr/bin/env node
import { codeOf } from '../util/errors.ts';
import { run } from './commands.ts';

// Deprecations in the libraries that the mock stands on are for us to see, not for those who use it.
process.noDeprecation = true;
endQuietlyWhenCut();
const code = await run(process.argv.slice(2));
process.exitCode ??= code;

/** What a shell says of a program that SIGPIPE has ended: 128 and 13. Node leaves the signal out, and tells by an error. */
const brokenPipe = 141;

/** Lets the process end without a stack trace where whoever reads its output has left, as `head` does. */
function endQuietlyWhenCut(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (codeOf(error) !== 'EPIPE') throw error;
      process.exitCode = brokenPipe;
    });
  }
}
