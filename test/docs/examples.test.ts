// Every TypeScript example of the documentation, compiled and run in a project that has the packed tarball.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { run, type Ended } from '../support/command.ts';
import { packedProject } from '../support/packed-project.ts';
import { type TemporaryFolder } from '../support/temporary-folder.ts';
import { textsIn } from './blocks.ts';

/** TypeScript examples by the file name in their first line. */
const modules = Object.fromEntries(textsIn('ts').map((text) => [/^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? '', text]));

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

/** Runs a command in the project, with the variables that the README exports. */
async function inProject(command: string): Promise<Ended> {
  const variables = textsIn('sh').find((text) => text.startsWith('export ARZAMED_TOKEN_URL')) ?? '';
  return run('sh', ['-ec', atMock(`${variables}\n${command}`)], { cwd: project.path });
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

  test('compiles against the packed package', async () => {
    expect(await inProject('node_modules/.bin/tsc')).toMatchObject({ code: 0, stdout: '' });
  });

  test('doctors.ts prints the doctors of the mock', async () => {
    expect(await inProject('node doctors.ts')).toEqual({
      code: 0,
      stdout:
        'Dr. Marco Bianchi https://assets.arzamed.com/photos/a1b2c3.jpg\n' +
        'Dr. Sofia Ricci (no photo)\n' +
        'Dr. Luca Ferrari https://assets.arzamed.com/photos/g7h8i9.jpg\n',
      stderr: '',
    });
  });

  test('provoke.test.ts and sandbox.test.ts pass in Jest', async () => {
    const { code, stderr } = await inProject('NODE_OPTIONS=--experimental-vm-modules node_modules/.bin/jest');
    expect(stderr).toContain('Tests:       2 passed, 2 total');
    expect(code).toBe(0);
  });

  test('control.ts controls the mock', async () => {
    expect(await inProject('node control.ts')).toEqual({
      code: 0,
      stdout: 'bianchi-backend revoked\n',
      stderr: '',
    });
  });

  test('client.ts gets the doctors with the head of the answer', async () => {
    expect(await inProject('node client.ts')).toEqual({ code: 0, stdout: '200 application/json 3\n', stderr: '' });
  });

  test('metrics.ts counts what happens', async () => {
    const { stdout, stderr } = await inProject('node metrics.ts');
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
    expect(await inProject(`node --input-type=module -e "${text}"`)).toEqual({
      code: 0,
      stdout: 'PXAT true\n',
      stderr: '',
    });
    const asked = mock.journal.find({ after: before }).map(({ operationId }) => operationId);
    expect(asked).toEqual(['requestToken', 'listDoctors', 'listDoctors']);
  });

  test('fetch.ts reaches the mock', async () => {
    const before = mock.journal.newest;
    expect(await inProject('node fetch.ts')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(mock.journal.count({ after: before, status: 200 })).toBe(2);
  });

  test.each([
    ['ARZAMED_TOKEN_URL=', 'Correct ARZAMED_TOKEN_URL.'],
    ['ARZAMED_CLIENT_SECRET=wrong', 'Check the credentials with the administrator: invalid_client.'],
    [
      'ARZAMED_CLIENT_ID=bianchi-revoked ARZAMED_CLIENT_SECRET=not-a-secret-bianchi-revoked',
      'Ask the administrator for a new key.',
    ],
    ['ARZAMED_BASE_URL=http://127.0.0.1:4010/nowhere', 'Report it: HTTP 404, request without id.'],
  ])('errors.ts says what to do with %s', async (variables, advice) => {
    const { code, stdout, stderr } = await inProject(`${variables} node errors.ts`);
    expect({ code, stdout, advice: stderr.split('\n')[1] }).toEqual({ code: 1, stdout: '', advice });
  });

  test('errors.ts says when to come back', async () => {
    mock.faults.add({ operationId: 'listDoctors', status: 503, headers: { 'Retry-After': '120' }, count: 1 });
    expect(await inProject('node errors.ts')).toMatchObject({
      code: 1,
      stderr: 'listDoctors: unavailable (HTTP 503)\nShow older data. Run again in 120 s.\n',
    });
  });

  test('verify.ts verifies the packed contract', async () => {
    expect(await inProject('PACT_DO_NOT_TRACK=true node verify.ts')).toMatchObject({ code: 0 });
  });
});
