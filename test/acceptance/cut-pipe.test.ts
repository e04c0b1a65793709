// The reader of the output may leave, as `head` does: then a command ends quietly, as a shell expects.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { invocation } from '../support/command.ts';
import { isLong } from '../support/runs.ts';

const inLong = isLong ? test : test.skip;

/** What a shell says of a program that SIGPIPE has ended: 128 and 13. */
const brokenPipe = 141;

interface Started {
  child: ChildProcessByStdio<null, Readable, Readable>;
  ended: Promise<{ code: unknown; stderr: string }>;
}

function start(...args: string[]): Started {
  const child = spawn(...invocation(...args), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]);
  return { child, ended: ended.then(([[code], stderr]) => ({ code, stderr })) };
}

describe('a command whose output is cut ends without a word', () => {
  test('the mock, when it has something to print', async () => {
    const { child, ended } = start('mock', '--port', '0');
    const [line] = await once(createInterface(child.stdout), 'line');
    child.stdout.destroy();
    const url = /http:\S+/.exec(String(line))?.[0] ?? '';
    await (await fetch(`${url}/equipe/doctors`)).text();
    expect(await ended).toEqual({ code: brokenPipe, stderr: '' });
  });

  inLong.each([[['diff', 'openapi/arzamed.yaml', 'test/other-api/ferries.yaml']], [['mock', '--help']]])(
    'arzamed %s',
    async (args) => {
      const { child, ended } = start(...args);
      child.stdout.destroy();
      expect(await ended).toEqual({ code: brokenPipe, stderr: '' });
    },
  );
});

inLong('a mock that has said all that it has to say goes on', async () => {
  const { child, ended } = start('mock', '--port', '0', '--json');
  const [line] = await once(createInterface(child.stdout), 'line');
  child.stdout.destroy();
  const { url }: { url: string } = JSON.parse(String(line));
  for (let call = 0; call < 2; call += 1) expect((await fetch(`${url}/_mock/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, stderr: '' });
});
