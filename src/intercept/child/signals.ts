import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';

/** Milliseconds after which the witness is asked once more: one of two processors may pause for tens of them. */
const late = 200;

export interface Forwarding {
  /** Starts to pass signals on to a child. */
  to(child: ChildProcess): void;
  stop(): void;
}

/**
 * Passes the signals of this process on to a child. The keys of a terminal (SIGINT, SIGQUIT) reach the child directly, so
 * these are passed on only if no key sent them. A second SIGTERM kills the child.
 */
export function forwardSignals(): Forwarding {
  const witness = process.platform !== 'win32' && hasTerminal() ? startWitness() : undefined;
  let child: ChildProcess | undefined;
  let asked = false;
  const forward = async (signal: NodeJS.Signals): Promise<void> => {
    if (process.platform === 'win32' || (await witness?.sawOneMore()) === true) return;
    if (witness) {
      // On a busy machine the witness may notice a key later than this process.
      await wait(late);
      if (await witness.sawOneMore()) return;
    }
    child?.kill(signal);
  };
  const handlers: Partial<Record<NodeJS.Signals, () => unknown>> = {
    SIGINT: () => void forward('SIGINT'),
    SIGQUIT: () => void forward('SIGQUIT'),
    // Windows cannot send it; the console notifies the child.
    SIGHUP: () => process.platform === 'win32' || child?.kill('SIGHUP'),
    SIGTERM: () => {
      child?.kill(asked ? 'SIGKILL' : 'SIGTERM');
      asked = true;
    },
  };
  // None of these comes from a key. Unheard, they end this process alone, or open its debugger.
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const) handlers[signal] = () => child?.kill(signal);
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  return {
    to: (started) => {
      child = started;
    },
    stop: () => {
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
      witness?.end();
    },
  };
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Counts the signals that it gets, and answers each line with the count. `read` fails at a signal, and at the end. */
const countSignals = `n=0; trap 'n=$((n + 1))' INT QUIT
while :; do b=$n; if read -r _; then echo $n; elif [ $b = $n ]; then exit; fi; done`;

/**
 * Starts a process beside the child. A key of the terminal signals every process in the foreground, so this one too;
 * `kill` signals one alone. The system does not say which it was: one that `kill` sends while a key is being counted is
 * taken for that of the key.
 */
function startWitness(): { sawOneMore(): Promise<boolean>; end(): void } {
  const witness = spawn('/bin/sh', ['-c', countSignals], { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/', env: {} });
  const lines = createInterface(witness.stdout);
  const waiting: ((count: number) => void)[] = [];
  let last = 0;
  let accounted = 0;
  let gone = false;
  // Without it, each signal counts as that of a key: a key's signal that arrives twice does more harm than one lost.
  const leave = (): void => {
    gone = true;
    for (const resolve of waiting.splice(0)) resolve(Infinity);
  };
  witness.on('error', leave).on('exit', leave);
  witness.stdin.on('error', leave);
  lines.on('line', (line) => waiting.shift()?.(Number(line)));
  return {
    async sawOneMore() {
      const before = last;
      const count = await new Promise<number>((resolve) => {
        if (gone) return resolve(Infinity);
        waiting.push(resolve);
        witness.stdin.write('\n');
      });
      // Two signals in quick succession may count as one there, or be counted before the first is asked about.
      const more = count > Math.min(before, accounted);
      if (more) accounted = Math.min(count, accounted + 1);
      // A second one that the count covers has reached this process too, but the event loop may read the count first.
      for (let turn = 0; turn < 2; turn += 1) await nextTurn();
      last = Math.max(last, count);
      return more;
    },
    end: () => {
      lines.close();
      witness.kill('SIGKILL');
    },
  };
}
