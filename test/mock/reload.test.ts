// Files that change while a mock runs: what fits them is kept, what does not is said.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { startArzamed } from '../support/command.ts';
import { bearerOf } from '../support/http.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let folder: TemporaryFolder;
let clinics: string;
let spec: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  clinics = join(folder.path, 'clinics');
  spec = join(folder.path, 'spec.yaml');
  await cp('mocks/clinics', clinics, { recursive: true });
  await cp('openapi/arzamed.yaml', spec);
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

async function change(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(from);
  await writeFile(file, text.replace(from, to));
}

async function read(mock: Mock, authorization: string): Promise<string> {
  const response = await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } });
  return `${response.status} ${await response.text()}`;
}

describe('a mock whose files change', () => {
  let mock: Mock;
  beforeEach(async () => {
    mock = await startMock({ spec, clinics });
  });
  afterEach(() => mock.close());

  test('answers as they say, and keeps tokens, keys, clock, journal and faults', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    const issued = mock.keys.issue({ clinic: 'nuovo' });
    mock.keys.revoke('ricci-backend');
    mock.clock.set(new Date('2030-01-01T00:00:00Z'));
    mock.clock.reset();
    mock.faults.add({ operationId: 'requestToken', status: 503 });
    await change(join(clinics, 'bianchi.yaml'), 'Marco Bianchi', 'Carla Neri');
    expect(await mock.reload()).toEqual([]);
    expect(await read(mock, bearer)).toMatch(/^200 .*Carla Neri/);
    expect(mock.keys.list('nuovo')).toContainEqual(issued);
    expect(mock.keys.list('ricci')[0]).toMatchObject({ status: 'revoked' });
    expect(mock.journal.find().map(({ id }) => id)).toEqual([1, 2]);
    expect(mock.faults.list()).toHaveLength(1);
  });

  test('says what does not fit any more, in a sentence each', async () => {
    mock.faults.add({ clinic: 'bianchi', status: 503 });
    mock.answers.replace('bianchi', 'listDoctors', []);
    mock.answers.replace('ricci', 'listDoctors', []);
    const bearer = await bearerOf(mock, 'ricci', { scope });
    await rm(join(clinics, 'bianchi.yaml'));
    expect((await mock.reload()).toSorted()).toEqual([
      'The fault fault-1 is gone: there is no clinic bianchi any more.',
      expect.stringMatching(/^The key bianchi-backend is gone/),
      expect.stringMatching(/^The key bianchi-expired is gone/),
      expect.stringMatching(/^The key bianchi-reporting is gone/),
      expect.stringMatching(/^The key bianchi-revoked is gone/),
      'The replaced answer of bianchi to listDoctors is gone: it does not fit any more.',
    ]);
    expect(await read(mock, bearer)).toBe('200 []');
  });

  test('keeps the old world where one is invalid, and says what is wrong', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await change(join(clinics, 'bianchi.yaml'), /^name:.*/m, 'nam: Bianchi');
    await expect(mock.reload()).rejects.toMatchObject({ code: 'clinic_invalid' });
    expect(await read(mock, bearer)).toMatch(/^200 .*Marco Bianchi/);
  });

  test('takes another document', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await change(spec, '  /equipe/doctors:', '  /equipe/people:');
    expect(await mock.reload()).toEqual([]);
    expect(await read(mock, bearer)).toMatch(/^404/);
    const headers = { Authorization: bearer };
    expect((await fetch(`${mock.baseUrl}/equipe/people`, { headers })).status).toBe(200);
  });

  test('changes its sandboxes as well, which keep their secrets', async () => {
    const sandbox = mock.sandboxes.create();
    const before = sandbox.clinics;
    await change(join(clinics, 'ricci.yaml'), /^name:.*/m, 'name: Another');
    await rm(join(clinics, 'nuovo.yaml'));
    expect(await mock.reload()).toContainEqual(expect.stringMatching(/^\/s\/.*: The key nuovo-backend is gone/));
    expect(sandbox.clinics).toEqual(before.filter(({ clinic }) => clinic !== 'nuovo'));
  });
});

test('arzamed mock --watch notices by itself, also a file in another folder to which the specification refers', async () => {
  const schemas = join(folder.path, 'schemas');
  await mkdir(schemas);
  await writeFile(join(schemas, 'extra.yaml'), 'type: string\n');
  await change(spec, /^  schemas:\n/m, "  schemas:\n    Extra: { $ref: './schemas/extra.yaml' }\n");
  await using running = await startArzamed(
    /Ctrl-C/,
    'mock',
    '--port',
    '0',
    '--watch',
    '--spec',
    spec,
    '--clinics',
    clinics,
  );
  const url = /at (http:\/\/[\d.:]+)\/api/.exec(running.stdout)?.[1] ?? '';
  await rm(join(clinics, 'nuovo.yaml'));
  const { stdout } = await running.printed(/read again/);
  expect(stdout).toContain('The key nuovo-backend is gone');
  await change(join(schemas, 'extra.yaml'), 'string', 'integer');
  await running.printed(/read again.*read again/s);
  const specification = await (await fetch(`${url}/_mock/specification`)).json();
  expect(specification).toMatchObject({ components: { schemas: { Extra: { type: 'integer' } } } });
});
