import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf, Problem } from '../../util/errors.ts';

/** A temporary folder that only this user can read. Removed with the block, at the latest with the process. */
export interface PrivateFolder extends Disposable {
  path: string;
  /** Writes a new file and its folder. @returns its path. */
  write(name: string, content: string | Uint8Array): string;
  pathOf(name: string): string;
}

/**
 * Makes one, and removes those of killed processes.
 * @throws Problem `folder_not_private` if others could read, write or replace it.
 */
export function makePrivateFolder(parent: string = realpathSync(tmpdir())): PrivateFolder {
  sweepFolders(parent);
  refuseShared(parent);
  const path = makeFolder(parent);
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  const pathOf = (name: string): string => join(path, name);
  const folder: PrivateFolder = {
    path,
    pathOf,
    write: (name, content) => {
      mkdirSync(dirname(pathOf(name)), { recursive: true, mode: 0o700 });
      writeFileSync(pathOf(name), content, { mode: 0o600, flag: 'wx' });
      refuseOpen(pathOf(name));
      return pathOf(name);
    },
    [Symbol.dispose]: () => {
      process.off('exit', remove);
      remove();
    },
  };
  try {
    refuseOpen(path);
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
  return folder;
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, `${folderPrefix()}${process.pid}-`));
  } catch (error) {
    throw notPrivate(`A folder cannot be made there (${codeOf(error)}).`, parent, { cause: error });
  }
}

/** Where others can write, they could replace our folder; the sticky bit of /tmp forbids that. */
function refuseShared(parent: string): void {
  const stat = lstatSync(parent, { throwIfNoEntry: false });
  if (process.platform === 'win32' || stat === undefined) return;
  const sticky = (stat.mode & 0o1000) !== 0;
  if ((stat.mode & 0o022) !== 0 && !sticky) throw notPrivate('Other users can replace its contents.', parent);
}

/** @throws Problem `folder_not_private` if others can read or write the file or folder, or it is another user's. */
export function refuseOpen(path: string): void {
  if (process.platform === 'win32') return;
  const { mode, uid } = lstatSync(path);
  if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) throw notPrivate('Other users can read or write it.', path);
}

function notPrivate(what: string, where: string, options?: ErrorOptions): Problem {
  const remedy = 'Set TMPDIR to a folder that only you can write to.';
  return new Problem({ code: 'folder_not_private', what, where, remedy }, options);
}

/** Start of our folders' names, before the process id. Containers that share /tmp have their own process ids. */
function folderPrefix(): string {
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '';
  const numbering = createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
  return `arzamed-exec-${numbering}-`;
}

/** Removes the folders of killed processes. */
function sweepFolders(parent: string): void {
  const prefix = folderPrefix();
  const names = attempt(() => readdirSync(parent)) ?? [];
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const owner = Number(/^\d+/.exec(name.slice(prefix.length))?.[0]);
    const path = join(parent, name);
    if (owner > 0 && isOurs(path) && !isRunning(owner)) rmSync(path, { recursive: true, force: true });
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

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
