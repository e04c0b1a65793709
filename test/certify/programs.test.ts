// Programs that are right in all that they show, and one that keeps running.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import type { Result } from '../../src/certify/certify.ts';
import { isLong } from '../support/runs.ts';
import { asProcess, certifyProgram, type Started } from './support.ts';

function notMet(results: readonly Result[]): [string, string, string][] {
  const others = results.filter(({ verdict }) => verdict !== 'met');
  return others.map(({ requirement, verdict, happened }) => [requirement.id, verdict, happened]);
}

const oneShot = [
  'token-renewed',
  'not observed',
  'The program has to run longer than a token lives. Run it with --trigger.',
];

const programs: readonly [string, Started][] = [
  ['Node', asProcess({ file: 'sync.mjs' })],
  ['Python', { command: 'python3', args: ['test/certify/programs/sync.py'] }],
];

if (isLong) {
  test.each(programs)(
    'a program in %s that is right is accused of nothing',
    async (_language, program) => {
      expect(notMet(await certifyProgram(program))).toEqual([oneShot]);
    },
    60_000,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.each([
  ['a program that keeps running is triggered again after its token has expired', undefined, 'met'],
  ['a program that fails after its token has expired does not meet token-renewed', 'token-renewed', 'not met'],
])('%s', async (_title, broken, verdict) => {
  const port = await freePort();
  const { command, args } = asProcess({ file: 'sync.mjs', broken });
  const results = await certifyProgram(
    {
      command,
      args: [...args, String(port)],
      ready: `http://127.0.0.1:${port}/ready`,
      trigger: `curl -fsS --noproxy '*' http://127.0.0.1:${port}/`,
    },
    ['token-renewed'],
  );
  expect(results).toMatchObject([{ verdict }]);
});
