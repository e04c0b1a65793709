// Programs that know nothing of the mock, with the real service's host written into them, by each client that docs/exec.md
// names. `npm run test:clients` tries all of them, `npm test` a few.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ended } from '../support/command.ts';
import { setVariables } from '../support/environment.ts';
import { execHere } from '../support/exec-here.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { all, clients, tableOfClients, type Client } from './clients.ts';

let folder: TemporaryFolder;
let variables: Disposable;
beforeAll(async () => {
  folder = await temporaryFolder({ 'a folder/with "quotes"/.keep': '' });
  // Without spaces, since Ruby could not load a file from there.
  const path = all ? folder.path : `${folder.path}/a folder/with "quotes"`;
  variables = setVariables({ TMPDIR: path, DENO_NO_UPDATE_CHECK: '1' });
});
afterAll(async () => {
  variables[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

function runBelowExec(command: readonly string[]): Promise<Ended> {
  return execHere('test/clients/programs', ['--fail-on', 'warn'], ...command);
}

const tried = new Map<string, boolean>();

function isThere([command = '', ...args]: string[]): boolean {
  const name = [command, ...args].join(' ');
  const there = tried.get(name) ?? spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  tried.set(name, there);
  return there;
}

const doctors = /"Dr\. Marco Bianchi".*"Dr\. Sofia Ricci".*"Dr\. Luca Ferrari"/s;

async function expectServed({ says, prints = doctors }: Client, command: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runBelowExec(command);
  expect(stderr.replace(says ?? /^$/, '').trim()).toBe('');
  expect(stdout).toMatch(prints);
  expect(code).toBe(0);
}

for (const client of clients.filter(({ always }) => all || always)) {
  const { runtime, name, commands, needs = [], remedy, told } = client;
  const there = needs.length === 0 || isThere(needs);
  const run = there ? test : test.skip;
  describe(`${runtime}: ${name}`, () => {
    // In the short run each client runs on one of the Nodes, in turn.
    const ways = Object.entries(commands);
    const at = clients.indexOf(client) % ways.length;
    for (const [program, command] of all ? ways : ways.slice(at, at + 1)) {
      const skipped = there ? '' : ` (skipped: \`${needs.join(' ')}\` fails here)`;
      if (remedy === undefined) {
        run(`with ${program} meets the mock${skipped}`, () => expectServed(client, command), 60_000);
        continue;
      }
      run(
        `with ${program} does not meet the mock${skipped}`,
        async () => {
          const { stdout, stderr } = await runBelowExec(command);
          expect(stdout).not.toMatch(client.prints ?? doctors);
          expect(stderr).toContain('arzamed: ');
        },
        60_000,
      );
      if (told)
        run(`with ${program} meets the mock: it ${remedy}`, () => expectServed(client, [...command, '--told']), 60_000);
    }
  });
}

test('docs/exec.md says the same of each client', async () => {
  const text = await readFile('docs/exec.md', 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  expect(cells).toEqual(tableOfClients());
});
