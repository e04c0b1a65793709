// Somebody else's project, test/acceptance/consumer/, that has the tarball installed and nothing of this checkout but
// the tools that it would have from npm.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run, type Ended } from '../support/command.ts';
import { installedProject } from '../support/packed-project.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

interface Started {
  baseUrl: string;
  clinics: { tokenUrl: string; keys: { clientId: string; clientSecret: string; status: string }[] }[];
}

let project: TemporaryFolder;
let mock: Started;
let stop = async (): Promise<void> => {};
beforeAll(async () => {
  project = await installedProject('test/acceptance/consumer');
  mock = await startMock();
  await inProject('npm run types');
}, 60_000);
afterAll(async () => {
  await stop();
  await project[Symbol.asyncDispose]();
});

/** Starts the mock as the README says. */
async function startMock(): Promise<Started> {
  // In a group of its own, which ends as one: the mock is not the child, but the child of npx.
  const child = spawn('npx', ['arzamed', 'mock', '--port', '0', '--json'], {
    cwd: project.path,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaint = text(child.stderr);
  const ended = once(child, 'exit');
  stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  const { value, done } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (done === true) throw new Error(await complaint);
  return JSON.parse(value);
}

/** Runs a command in the project, with the credentials of a key in the environment. */
async function inProject(command: string, status = 'active'): Promise<Ended> {
  const [clinic] = mock.clinics;
  const key = clinic?.keys.find((each) => each.status === status);
  const variables = {
    ARZAMED_TOKEN_URL: clinic?.tokenUrl,
    ARZAMED_CLIENT_ID: key?.clientId,
    ARZAMED_CLIENT_SECRET: key?.clientSecret,
    ARZAMED_BASE_URL: mock.baseUrl,
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  };
  const assignments = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  return run('sh', ['-ec', `${assignments.join('')}${command}`], { cwd: project.path });
}

test('its program shows the doctors of a mock that npx started', async () => {
  expect(await inProject('npm start --silent')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Dr\. Marco Bianchi <https:.*>\nDr\. Sofia Ricci\nDr\. Luca Ferrari <https:.*>\n$/),
  });
});

test('its program says that its key was revoked', async () => {
  expect(await inProject('node src/main.ts', 'revoked')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The key was revoked.\n',
  });
});

test('its CommonJS requires the client', async () => {
  expect(await inProject('node src/legacy.cjs')).toEqual({ code: 0, stdout: '3 doctors\n', stderr: '' });
});

test('it finds the specification and the contract by their names', async () => {
  expect(await inProject('node src/facts.ts')).toEqual({
    code: 0,
    stdout: 'OpenAPI 3.1.0, contract with arzamed-api\n',
    stderr: '',
  });
});

test('it compiles, as strictly as TypeScript can', async () => {
  expect(await inProject('npx tsc')).toMatchObject({ code: 0, stdout: '' });
});

test('its own test passes, with a mock in the process of Jest', async () => {
  const { code, stderr } = await inProject('npx jest');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Tests:       3 passed, 3 total') });
});

test('its CI holds the generated types to the specification', async () => {
  const check = 'npx arzamed types --out src/arzamed.ts --check';
  expect(await inProject(check)).toMatchObject({ code: 0, stdout: '' });
});
