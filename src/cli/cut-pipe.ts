import { codeOf } from '../spec/thrown.ts';

/** What a shell says of a program that SIGPIPE has ended: 128 and 13. Node leaves the signal out, and tells by an error. */
const brokenPipe = 141;

/** Lets the process end without a stack trace where whoever reads its output has left, as `head` does. */
export function endQuietlyWhenCut(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (codeOf(error) !== 'EPIPE') throw error;
      process.exitCode = brokenPipe;
    });
  }
}
