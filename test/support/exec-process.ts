import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A running process whose output is awaited line by line. Ends with the block. */
export interface Started extends AsyncDisposable {
  child: ChildProcess;
  /** Resolves with the match once stdout matches, from its beginning. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for the end. */
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/** Milliseconds to wait for output: less than a test has, so that the failure says what was printed. */
const patience = 15_000;

/** Starts a command in a session of its own: without a terminal, even where the tests run on one. */
export function startDetached(command: string, args: readonly string[], env: Record<string, string> = {}): Started {
  const child = spawn(command, args, { detached: true, stdio: 'pipe', env: { ...process.env, ...env } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const closed = once(child, 'close');
  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output.stdout);
      if (match) return match;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended early: ${output.stderr}`);
      const late = AbortSignal.timeout(patience);
      await Promise.race([once(child.stdout, 'data', { signal: late }), closed]).catch(() => {
        throw new Error(`${String(pattern)} did not come within ${patience} ms after ${JSON.stringify(output)}`);
      });
    }
  };
  const ended = async () => {
    await closed;
    return { code: child.exitCode, signal: child.signalCode, ...output };
  };
  return {
    child,
    printed,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Starts test/support/exec.ts with a command. */
export function startExec(
  parent: string,
  command: readonly string[],
  env: Record<string, string> = {},
): Started & { folder(): Promise<string> } {
  const args = ['--disable-warning=ExperimentalWarning', 'test/support/exec.ts', ...command];
  const started = startDetached(process.execPath, args, {
    EXEC_PARENT: parent,
    ...env,
  });
  return { ...started, folder: async () => (await started.printed(/^folder (.*)$/m))[1] ?? '' };
}
