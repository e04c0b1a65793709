// What is found out about the programs below `exec`, on Linux.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { straysFrom, type Stray } from '../../src/intercept/programs.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

const proxy = { HTTPS_PROXY: 'http://127.0.0.1:1', PATH: process.env['PATH'] ?? '' };
const preload = '/tmp/arzamed-exec-1/startup/node-preload.cjs';

/** What is said of a Node below a shell, while both run. */
async function strays(env: Record<string, string>, preloads = true): Promise<Stray[]> {
  const script = '"$0" --input-type=commonjs -e "console.log(1); process.stdin.resume()" secret; true';
  const child = spawn('sh', ['-c', script, process.execPath], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const found = straysFrom(child.pid ?? 0, preloads);
  child.stdin.end();
  await once(child, 'close');
  return found;
}

onLinux('a Node with NODE_OPTIONS of its own is named, unless nothing is to be loaded into it', async () => {
  const env = { ...proxy, NODE_OPTIONS: '--no-warnings' };
  const node = { program: expect.stringMatching(/^node \(process \d+\)$/), reason: 'ran with NODE_OPTIONS of its own' };
  expect(await strays(env)).toEqual([node]);
  expect(await strays(env, false)).toEqual([]);
});

const python = '/usr/bin/python3';
(existsSync(python) ? onLinux : test.skip)('a Python with PYTHONPATH of its own is named', async () => {
  const child = spawn(python, ['-c', 'print(1, flush=True); input()'], { env: { ...proxy, PYTHONPATH: 'src' } });
  await once(child.stdout, 'data');
  expect(straysFrom(child.pid ?? 0, true)).toMatchObject([{ reason: 'ran with PYTHONPATH of its own' }]);
  child.stdin.end('\n');
  await once(child, 'close');
});

onLinux('all programs without the proxy are named', async () => {
  const reason = 'ran without HTTPS_PROXY';
  const names = ['sh', 'node'].map((name) => expect.stringMatching(`^${name} \\(process `));
  expect(await strays({ PATH: proxy.PATH })).toEqual(names.map((program) => ({ program, reason })));
});

onLinux('a program that has kept what it was given is not named', async () => {
  // The file is not there, so that Node is told of it by a name that it does not load.
  expect(await strays({ ...proxy, NODE_OPTIONS: `--title=${preload}` })).toEqual([]);
});
