import type { Told } from '../mock/answered.ts';

/**
 * Prints a line for each answered request: status, method, path, clinic, key, why it was refused, the fault that struck
 * it, and how long it took.
 */
export function printAnswer(told: Told): void {
  const { status = 'none', method, path, sandbox, clinic, clientId, reason, fault, milliseconds } = told;
  const where = sandbox === undefined ? path : `/s/${sandbox}${path}`;
  const parts = [status, method.padEnd(4), where, clinic, clientId, reason, fault, `${Math.round(milliseconds)} ms`];
  process.stdout.write(`  ${parts.filter((part) => part !== undefined).join('  ')}\n`);
}
