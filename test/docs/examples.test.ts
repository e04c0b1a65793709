// Every TypeScript example of the documentation, run in a project that has the packed tarball. That they compile, and that
// their tests pass, is shown in the project of test/acceptance/consumer.test.ts.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { run, type Ended } from '../support/command.ts';
import { moduleHere } from '../support/in-process.ts';
import { packedProject } from '../support/packed-project.ts';
import { type TemporaryFolder } from '../support/temporary-folder.ts';
import { modules, textsIn } from './blocks.ts';

let mock: Mock;
let project: TemporaryFolder;
beforeAll(async () => {
  mock = await startMock();
  project = await packedProject(
    Object.fromEntries(Object.entries(modules).map(([name, text]) => [name, atMock(text)])),
  );
});
afterAll(async () => {
  await mock.close();
  await project[Symbol.asyncDispose]();
});

function atMock(text: string): string {
  return text.replaceAll('http://127.0.0.1:4010', mock.url);
}

/** The variables that the README exports. */
function exported(): Record<string, string> {
  const text = textsIn('sh').find((each) => each.startsWith('export ARZAMED_TOKEN_URL')) ?? '';
  return Object.fromEntries(
    [...atMock(text).matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

/** Runs a module of the project in this process, with these variables and more. */
function runModule(name: string, variables: Record<string, string> = {}): Promise<Ended> {
  return moduleHere(join(project.path, name), { env: { ...exported(), ...variables } });
}

/** Runs Node in the project, with these variables. */
function runNode(...args: string[]): Promise<Ended> {
  return run(process.execPath, args, { cwd: project.path, env: { ...process.env, ...exported() } });
}

describe('an example in TypeScript', () => {
  test('has a name, so that none is forgotten', () => {
    expect(Object.keys(modules).toSorted()).toEqual([
      'client.ts',
      'control.ts',
      'doctors.ts',
      'errors.ts',
      'fetch.ts',
      'interaction.ts',
      'metrics.ts',
      'provoke.test.ts',
      'sandbox.test.ts',
      'token-store.ts',
      'types.ts',
      'verify.ts',
    ]);
  });

  test('doctors.ts prints the doctors of the mock', async () => {
    expect(await runNode('doctors.ts')).toEqual({
      code: 0,
      stdout:
        'Dr. Marco Bianchi https://assets.arzamed.com/photos/a1b2c3.jpg\n' +
        'Dr. Sofia Ricci (no photo)\n' +
        'Dr. Luca Ferrari https://assets.arzamed.com/photos/g7h8i9.jpg\n',
      stderr: '',
    });
  });

  test('control.ts controls the mock', async () => {
    expect(await runModule('control.ts')).toEqual({
      code: 0,
      stdout: 'bianchi-backend revoked\n',
      stderr: '',
    });
  });

  test('client.ts gets the doctors with the head of the answer', async () => {
    expect(await runModule('client.ts')).toEqual({ code: 0, stdout: '200 application/json 3\n', stderr: '' });
  });

  test('metrics.ts counts what happens', async () => {
    const { stdout, stderr } = await runModule('metrics.ts');
    expect(stderr).toBe('');
    expect(stdout.replace(/^milliseconds \d+$/m, '')).toBe('\ntoken request: 200 1\ntokens 1\nlistDoctors: 200 1\n');
  });

  test('token-store.ts shares one token between clients', async () => {
    const text = `
      import { createClientFromEnv } from 'arzamed-devkit';
      import { tokensIn } from './token-store.ts';
      const kept = new Map();
      const redis = {
        get: async (key) => kept.get(key) ?? null,
        set: async (key, value, expiry, milliseconds) => kept.set(key, value) && console.log(expiry, milliseconds > Date.now()),
      };
      for (const attempts of [1, 2]) await createClientFromEnv({ attempts, tokenStore: tokensIn(redis) }).listDoctors();`;
    const before = mock.journal.newest;
    expect(await runNode('--input-type=module', '-e', text)).toEqual({
      code: 0,
      stdout: 'PXAT true\n',
      stderr: '',
    });
    const asked = mock.journal.find({ after: before }).map(({ operationId }) => operationId);
    expect(asked).toEqual(['requestToken', 'listDoctors', 'listDoctors']);
  });

  test('fetch.ts reaches the mock', async () => {
    const before = mock.journal.newest;
    expect(await runModule('fetch.ts')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(mock.journal.count({ after: before, status: 200 })).toBe(2);
  });

  test.each<[Record<string, string>, string]>([
    [{ ARZAMED_TOKEN_URL: '' }, 'Correct ARZAMED_TOKEN_URL.'],
    [{ ARZAMED_CLIENT_SECRET: 'wrong' }, 'Check the credentials with the administrator: invalid_client.'],
    [
      { ARZAMED_CLIENT_ID: 'bianchi-revoked', ARZAMED_CLIENT_SECRET: 'not-a-secret-bianchi-revoked' },
      'Ask the administrator for a new key.',
    ],
    [{ ARZAMED_BASE_URL: 'http://127.0.0.1:4010/nowhere' }, 'Report it: HTTP 404, request without id.'],
  ])('errors.ts says what to do with %j', async (variables, advice) => {
    const here = Object.entries(variables).map(([name, value]) => [name, atMock(value)]);
    const { code, stdout, stderr } = await runModule('errors.ts', Object.fromEntries(here));
    expect({ code, stdout, advice: stderr.split('\n')[1] }).toEqual({ code: 1, stdout: '', advice });
  });

  test('errors.ts says when to come back', async () => {
    mock.faults.add({ operationId: 'listDoctors', status: 503, headers: { 'Retry-After': '120' }, count: 1 });
    expect(await runModule('errors.ts')).toMatchObject({
      code: 1,
      stderr: `listDoctors: unavailable (HTTP 503, GET ${mock.baseUrl}/equipe/doctors)\nShow older data. Run again in 120 s.\n`,
    });
  });

  test('verify.ts verifies the packed contract', async () => {
    expect(await runNode('verify.ts')).toMatchObject({ code: 0 });
  });
});
