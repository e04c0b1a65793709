import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseObject } from '../../src/util/json.ts';

/** The built mock as a process of its own. */
export interface SoakedMock extends AsyncDisposable {
  pid: number;
  /** `http://127.0.0.1:41234` */
  url: string;
  /** The URL of the API's paths. */
  baseUrl: string;
  /** How it ended, if it has. */
  ended: () => string | undefined;
}

/** Starts the built mock on a free port, and ends it with the block or with this process, whatever happens. */
export async function startBuiltMock(): Promise<SoakedMock> {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'mock', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const closed = once(child, 'close');
  const first = await Promise.race([once(createInterface(child.stdout), 'line'), closed.then(() => [])]);
  const { url, baseUrl } = readFirstLine(first[0]);
  return {
    pid: child.pid ?? 0,
    url,
    baseUrl,
    ended: () => (child.exitCode ?? child.signalCode)?.toString(),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await closed;
      process.off('exit', kill);
    },
  };
}

function readFirstLine(line: unknown): { url: string; baseUrl: string } {
  const { url, baseUrl } = parseObject(String(line)) ?? {};
  if (typeof url !== 'string' || typeof baseUrl !== 'string') throw new Error('The mock did not start.');
  return { url, baseUrl };
}
