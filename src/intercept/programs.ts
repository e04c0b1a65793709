import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { basename, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { attempt } from '../util/errors.ts';

// What Linux tells in /proc of this process and the programs that it has started; elsewhere nothing is found.

/** The program at the other end of a connection on this machine, such as `python3 sync.py (process 42)`. */
export function programBehind(connection: Duplex): string | undefined {
  if (!(connection instanceof Socket)) return undefined;
  const { remotePort = 0, localPort = 0 } = connection;
  const [theirs, ours] = [remotePort, localPort].map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
  // Local and remote address, state, queues, timer, retransmissions, user, timeout, inode.
  const line = new RegExp(String.raw`: [\dA-F]+:${theirs} [\dA-F]+:${ours}(?: +\S+){6} +(\d+)`);
  const tables = ['tcp', 'tcp6'].map((name) => textOf(`/proc/net/${name}`));
  const [, inode = '0'] = line.exec(tables.join('\n')) ?? [];
  if (inode === '0') return undefined;
  const isOwner = (pid: number): boolean =>
    (attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []).some(
      (name) => attempt(() => readlinkSync(`/proc/${pid}/fd/${name}`)) === `socket:[${inode}]`,
    );
  const owner = processesFrom(process.pid).find(isOwner);
  return owner === undefined ? undefined : nameOf(owner);
}

/** A process and all below it. */
function processesFrom(pid: number): number[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const children = threads.flatMap((thread) => textOf(`/proc/${pid}/task/${thread}/children`).match(/\d+/g) ?? []);
  return [pid, ...children.flatMap((child) => processesFrom(Number(child)))];
}

/** A program whose requests may go past the proxy, and why, as the rest of a sentence about it. */
export interface Stray {
  program: string;
  reason: string;
}

/** The programs from a process on that have not kept what `exec` put into their environment. */
export function straysFrom(pid: number, preload: boolean): Stray[] {
  return processesFrom(pid).flatMap((each) => {
    const reason = strayReason(each, preload);
    const program = reason === undefined ? undefined : nameOf(each);
    // What has ended, or is about to start, has no command line.
    return program === undefined || reason === undefined ? [] : [{ program, reason }];
  });
}

/** The variable that has a runtime load a file of ours, by the start of the runtime's name. */
const startUpVariables: Readonly<Record<string, string>> = { node: 'NODE_OPTIONS', python: 'PYTHONPATH' };

function strayReason(pid: number, preload: boolean): string | undefined {
  const executable = attempt(() => readlinkSync(`/proc/${pid}/exe`));
  if (executable === undefined) return undefined;
  const environment = textOf(`/proc/${pid}/environ`).split('\0');
  const has = (name: RegExp, part: string): boolean =>
    environment.some((each) => name.test(each) && each.includes(part));
  if (!has(/^https_proxy=/i, '=http://127.0.0.1:')) return 'ran without HTTPS_PROXY';
  const variable = preload ? startUpVariables[/^[a-z]*/.exec(basename(executable))?.[0] ?? ''] : undefined;
  const isLost = variable !== undefined && !has(new RegExp(`^${variable}=`), 'arzamed-exec-');
  return isLost ? `ran with ${variable} of its own` : undefined;
}

/** The command and the script, without other arguments, which may contain a secret. */
function nameOf(pid: number): string | undefined {
  const [command = '', ...args] = textOf(`/proc/${pid}/cmdline`).split('\0');
  const folder = attempt(() => readlinkSync(`/proc/${pid}/cwd`)) ?? '/';
  const script = args.find((each) => each !== '' && !each.startsWith('-'));
  const isFile = script !== undefined && existsSync(resolve(folder, script));
  const words = [basename(command), ...(isFile ? [basename(script)] : [])];
  return command === '' ? undefined : `${words.join(' ')} (process ${pid})`;
}

function textOf(file: string): string {
  return attempt(() => readFileSync(file, 'utf8')) ?? '';
}
