import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { basename, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { attempt } from '../util/errors.ts';

// What Linux tells of programs in /proc; elsewhere, and of other users' programs, nothing is found.

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
  // The newest processes first: it is most likely one of them.
  const processes = (attempt(() => readdirSync('/proc')) ?? []).map(Number).filter((pid) => pid > 0);
  const hasIt = (pid: number): boolean =>
    (attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []).some(
      (name) => attempt(() => readlinkSync(`/proc/${pid}/fd/${name}`)) === `socket:[${inode}]`,
    );
  const owner = processes.toSorted((a, b) => b - a).find(hasIt);
  return owner === undefined ? undefined : nameOf(owner);
}

/** A program whose requests may go past the proxy, and why, as the rest of a sentence about it. */
export interface Stray {
  program: string;
  reason: string;
}

/** The programs below a process, itself included, that have not kept what `exec` put into their environment. */
export function straysBelow(process: number, preload: boolean): Stray[] {
  const environment = textOf(`/proc/${process}/environ`).split('\0');
  const has = (name: string, part: string): boolean =>
    environment.some((each) => each.startsWith(`${name}=`) && each.includes(part));
  const executable = attempt(() => readlinkSync(`/proc/${process}/exe`)) ?? '';
  const isNode = preload && /^node/.test(basename(executable));
  const isReached = has('HTTPS_PROXY', '=http://127.0.0.1:') || has('https_proxy', '=http://127.0.0.1:');
  const reason = !isReached
    ? 'ran without HTTPS_PROXY'
    : isNode && !has('NODE_OPTIONS', 'node-preload.cjs')
      ? 'ran with NODE_OPTIONS of its own'
      : undefined;
  // What has ended, or is about to start, has no command line.
  const program = reason === undefined ? undefined : nameOf(process);
  const threads = attempt(() => readdirSync(`/proc/${process}/task`)) ?? [];
  const children = threads.flatMap((thread) => textOf(`/proc/${process}/task/${thread}/children`).match(/\d+/g) ?? []);
  const own = program === undefined || reason === undefined || executable === '' ? [] : [{ program, reason }];
  return [...own, ...children.flatMap((child) => straysBelow(Number(child), preload))];
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
