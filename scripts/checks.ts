// `npm run checks`: the build, and what `npm test` looks at before the tests, two at a time, since each of them uses one
// processor. What a check prints is shown when it has ended, so that no two are mixed up; the first one that fails ends
// the rest.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What needs a build, the longest first. */
const waiting = [['lint'], ['contracts', '--', '--check'], ['test:types'], ['generate', '--', '--check']];

const running = new Set<ChildProcess>();

async function perform(check: readonly string[]): Promise<void> {
  const child = spawn('npm', ['run', '--silent', ...check], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  running.add(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const [code]: unknown[] = await once(child, 'close');
  running.delete(child);
  // One that was ended for the failure of another has nothing to say.
  if (process.exitCode !== undefined) return;
  process.stdout.write(`> ${check.join(' ')}\n${printed}`);
  if (code !== 0) {
    process.exitCode = typeof code === 'number' ? code : 1;
    for (const other of running) other.kill();
  }
}

async function performWaiting(): Promise<void> {
  for (let check = waiting.shift(); check && process.exitCode === undefined; check = waiting.shift())
    await perform(check);
}

await perform(['build']);
await Promise.all([performWaiting(), performWaiting()]);
