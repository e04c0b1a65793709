import type { Answered } from '../mock/answered.ts';

/** Prints a line for each answered request: status, method, path, clinic, why it was refused, and how long it took. */
export function printAnswer({ status, method, path, clinic = '', reason = '', milliseconds }: Answered): void {
  const parts = [status, method.padEnd(4), path, clinic, reason, `${Math.round(milliseconds)} ms`];
  process.stdout.write(`  ${parts.filter((part) => part !== '').join('  ')}\n`);
}
