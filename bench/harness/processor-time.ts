import { readFileSync } from 'node:fs';

/** How often a second the kernel counts; on Linux the same everywhere for what it shows to programs. */
const ticksPerSecond = 100;

/** Seconds of processor time that a process and its children have used. Linux alone. */
export function processorTime(pid: number): number {
  const own = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may contain anything.
  const fields = own.slice(own.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  return childrenOf(pid).reduce((sum, child) => sum + processorTime(child), (user + system) / ticksPerSecond);
}

/** The processes that a process has started with its first thread, as Node does. */
export function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}
