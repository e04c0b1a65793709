import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { attempt, codeOf, Problem } from '../../util/errors.ts';

/**
 * A temporary folder that only this user can change. Others may read it, as a child under another user must: no secret is in
 * it. Removed with the block, at the latest with the process.
 */
export interface PrivateFolder extends Disposable {
  path: string;
  /** Writes a new file and its folder. @returns its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Writes a program. @returns its folder, or undefined if programs cannot run there. */
  writeProgram(name: string, content: string): string | undefined;
}

/**
 * Makes one, and removes those of killed processes.
 * @throws Problem `folder_not_private` if it cannot be made, or others could change or replace it.
 */
export function makePrivateFolder(parent?: string): PrivateFolder {
  const named = parent ?? tmpdir();
  const within = guarded('A folder cannot be made there', named, () => realpathSync(named));
  sweepFolders(within);
  refuseShared(within);
  const path = guarded('A folder cannot be made there', within, () =>
    mkdtempSync(join(within, `${folderPrefix()}${process.pid}-`)),
  );
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  const write = (name: string, content: string | Uint8Array): string => {
    const file = join(path, name);
    guarded('Files cannot be written there', within, () => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
      writeFileSync(file, content, { flag: 'wx' });
      // Whatever the umask.
      for (const each of [path, dirname(file)]) chmodSync(each, 0o755);
      chmodSync(file, 0o644);
    });
    refuseOpen(file);
    return file;
  };
  const folder: PrivateFolder = {
    path,
    write,
    writeProgram: (name, content) => {
      const file = write(name, content);
      chmodSync(file, 0o755);
      // Where a file system is mounted without programs, shells would stop at this one rather than look further.
      return isExecutable(file) ? dirname(file) : undefined;
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

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Refuses a folder that others could exchange: each above it must belong to root or this user, and let no other user write,
 * unless the sticky bit, as of /tmp, keeps what is ours.
 */
function refuseShared(parent: string): void {
  if (process.platform === 'win32') return;
  for (let folder = parent; ; folder = dirname(folder)) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat !== undefined && !isTrusted(stat.uid)) throw notPrivate('It belongs to another user.', folder);
    const isShared = stat !== undefined && (stat.mode & 0o022) !== 0 && (stat.mode & 0o1000) === 0;
    if (isShared) throw notPrivate('Other users can replace its contents.', folder);
    if (dirname(folder) === folder) return;
  }
}

/** Root and this user. In a user namespace, all others are shown as one, root outside of it among them. */
function isTrusted(uid: number): boolean {
  if (uid === 0 || uid === process.getuid?.()) return true;
  const mapped = attempt(() => readFileSync('/proc/self/uid_map', 'utf8'));
  return mapped !== undefined && !/^\s*0\s+0\s+4294967295\s*$/.test(mapped) && uid === 65_534;
}

/** @throws Problem `folder_not_private` if others can write to the file or folder, or it is another user's. */
export function refuseOpen(path: string): void {
  if (process.platform === 'win32') return;
  const { mode, uid } = lstatSync(path);
  if ((mode & 0o022) !== 0 || uid !== process.getuid?.()) throw notPrivate('Other users can write to it.', path);
}

function guarded<Result>(what: string, where: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw notPrivate(`${what} (${codeOf(error)}).`, where, { cause: error });
  }
}

function notPrivate(what: string, where: string, options?: ErrorOptions): Problem {
  const remedy = 'Set TMPDIR to a folder with free space that only you can write to.';
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
