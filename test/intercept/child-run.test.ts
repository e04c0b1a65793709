import { existsSync } from 'node:fs';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runChild, startProblem } from '../../src/intercept/child/run.ts';
import { startDetached, startExec } from '../support/exec-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder({
    plain: 'no program',
    'no-interpreter': '#!/nowhere/interpreter\n',
    script: '#!/bin/sh\nprintf "%s|" "$@" > "${0%/*}/arguments"\n',
  });
  await chmod(join(folder.path, 'no-interpreter'), 0o755);
  await chmod(join(folder.path, 'script'), 0o755);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** Runs a command below this process, as test/support/exec.ts does below its own. */
async function exec(command: string, ...args: string[]): Promise<{ code: number; stderr: string }> {
  const { code, problem } = await runChild({ command, args, env: { PATH: process.env['PATH'] ?? '' } });
  return { code, stderr: problem === undefined ? '' : `${problem.message}\n` };
}

/** Prints `ready`, then each signal it gets; SIGTERM ends it with code 7, unless it is stubborn; 30 seconds end it anyway. */
function listener(stubborn = false): string[] {
  const traps = ['INT', 'HUP', 'QUIT', 'USR1', 'USR2', 'ALRM'].map((name) => `trap 'note SIG${name}' ${name}`);
  const program = `
    count=0; note() { count=$((count + 1)); echo "$1 $count"; }
    ${traps.join('; ')}
    trap 'note SIGTERM; ${stubborn} || { kill $!; exit 7; }' TERM
    sleep 30 > /dev/null 2>&1 & echo "ready $PPID"
    while kill -0 $! 2> /dev/null; do wait $!; done`;
  return ['sh', '-c', program];
}

describe('a command', () => {
  test('ends with its exit code', async () => {
    expect(await exec('sh', '-c', 'exit 42')).toEqual({ code: 42, stderr: '' });
  });

  test('reads stdin and writes stdout and stderr of the caller', async () => {
    await using running = startExec(folder.path, ['sh', '-c', 'cat; echo complaint >&2']);
    running.child.stdin?.end('typed');
    expect(await running.ended()).toMatchObject({
      code: 0,
      stderr: 'complaint\n',
      stdout: expect.stringMatching(/typed$/),
    });
  });

  test('gets its arguments as they are', async () => {
    await exec(join(folder.path, 'script'), 'a b', '', '$HOME', '"', '*');
    expect(await readFile(join(folder.path, 'arguments'), 'utf8')).toBe('a b||$HOME|"|*|');
  });

  test('that a signal ends gives 128 and its number', async () => {
    expect(await exec('sh', '-c', 'kill -KILL $$')).toMatchObject({ code: 137 });
    expect(await exec('sh', '-c', 'kill -TERM $$')).toMatchObject({ code: 143 });
  });

  test('that does not exist gives 127', async () => {
    const { code, stderr } = await exec('no-such-command');
    expect(code).toBe(127);
    expect(stderr).toBe(
      'no-such-command: No such command.\n' +
        'Check the spelling; a program that is not in PATH needs its path, such as ./program.\n',
    );
  });

  test('that is no program gives 126', async () => {
    const { code, stderr } = await exec(join(folder.path, 'plain'));
    expect(code).toBe(126);
    expect(stderr).toMatch(/plain: Not executable\.\n.*chmod \+x/);
  });

  test('that is a folder gives 126', async () => {
    expect(await exec(folder.path)).toMatchObject({ code: 126 });
  });

  test('whose interpreter does not exist gives 127 and says so', async () => {
    const { code, stderr } = await exec(join(folder.path, 'no-interpreter'));
    expect(code).toBe(127);
    expect(stderr).toContain('The interpreter in its first line');
  });
});

test('on Windows, a command that is not found may be a script, and the message says how to run those', () => {
  const { code, problem } = startProblem({ code: 'ENOENT' }, 'npm', '', 'win32');
  expect(code).toBe(127);
  expect(problem.message).toMatch(/^npm: No such program\.\n.*: cmd \/c npm$/);
});

describe('a signal', () => {
  test('reaches the child where there is no terminal, and does not end the caller before it; a second SIGTERM kills', async () => {
    await using running = startExec(folder.path, listener(true));
    await running.printed(/ready/);
    const signals = ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGTERM', 'SIGTERM'] as const;
    for (const [at, signal] of signals.entries()) {
      running.child.kill(signal);
      if (at < 7) await running.printed(new RegExp(`${signal} ${at + 1}`));
    }
    expect(await running.ended()).toMatchObject({ code: 137, stdout: expect.stringMatching(/SIGTERM 7\n$/) });
    expect(existsSync(await running.folder())).toBe(false);
  });

  const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');
  const onTerminal = hasScript ? test : test.skip;
  onTerminal(
    'of a terminal reaches the child once, as often as it is typed, and so does one to the caller alone',
    async () => {
      const command = `exec ${process.execPath} test/support/exec.ts sh -c "$PROGRAM"`;
      const env = { EXEC_PARENT: folder.path, PROGRAM: listener()[2] ?? '' };
      await using running = startDetached('/usr/bin/script', ['-qefc', command, '/dev/null'], env);
      const [, caller] = await running.printed(/ready (\d+)/);
      for (const count of [1, 3, 5]) {
        running.child.stdin?.write('\u0003');
        await running.printed(new RegExp(`SIGINT ${count}`));
        process.kill(Number(caller), 'SIGHUP');
        await running.printed(new RegExp(`SIGHUP ${count + 1}`));
      }
      // One that comes while a key is being counted is taken for that of the key. SIGHUP is passed on at once.
      for (let count = 7; count <= 30; count += 1) {
        process.kill(Number(caller), 'SIGHUP');
        await running.printed(new RegExp(`SIGHUP ${count}`));
      }
      for (const [at, signal] of (['SIGINT', 'SIGQUIT', 'SIGINT'] as const).entries()) {
        process.kill(Number(caller), signal);
        await running.printed(new RegExp(`${signal} ${at + 31}`));
      }
      running.child.stdin?.write('\u0003');
      await running.printed(/SIGINT 34/);
      process.kill(Number(caller), 'SIGTERM');
      const { code, stdout } = await running.ended();
      expect(stdout).toMatch(/SIGTERM 35\s*$/);
      expect(code).toBe(7);
    },
  );
});
