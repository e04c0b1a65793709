import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../spec/thrown.ts';

/** How our folders' names begin, before the number of their process: containers that share /tmp number their own. */
export function folderPrefix(): string {
  const numbering = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 8);
  return `arzamed-exec-${numbering}-`;
}

/** Removes our folders whose process is no more: it was killed before it could do so. */
export function sweepFolders(parent: string): void {
  const prefix = folderPrefix();
  for (const name of namesIn(parent).filter((each) => each.startsWith(prefix))) {
    const owner = Number(/^\d+/.exec(name.slice(prefix.length))?.[0]);
    const path = join(parent, name);
    if (owner > 0 && isOurs(path) && !isRunning(owner)) rmSync(path, { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isOurs(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && (process.getuid === undefined || stat.uid === process.getuid());
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
