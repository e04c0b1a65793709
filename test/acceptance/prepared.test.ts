// The build reads and checks the bundled files once, so that a start need not.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readClinics } from '../../src/mock/clinics/read-clinics.ts';
import { readApi } from '../../src/openapi/api.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('what the build has prepared is what the files say', async () => {
  const prepared: unknown = JSON.parse(await readFile('dist/world.json', 'utf8'));
  const api = await readApi('openapi/arzamed.yaml');
  const clinics = await readClinics('mocks/clinics', api);
  const plain: unknown = JSON.parse(
    JSON.stringify(clinics.map((clinic) => ({ ...clinic, responses: [...clinic.responses] }))),
  );
  expect(prepared).toEqual({ sha256: expect.any(String), document: api.document, clinics: plain });
});

(isLong ? test : test.skip)('files that were changed after the build are read again', async () => {
  await using folder = await temporaryFolder();
  for (const part of ['dist', 'mocks', 'openapi', 'package.json'])
    await cp(part, `${folder.path}/${part}`, { recursive: true });
  const file = `${folder.path}/mocks/clinics/bianchi.yaml`;
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('not-a-secret-bianchi-backend', 'changed'));
  const mock = spawn(process.execPath, [`${folder.path}/dist/cli/main.js`, 'mock', '--port', '0', '--json']);
  try {
    const [line] = await once(mock.stdout, 'data');
    expect(JSON.parse(String(line))).toMatchObject({
      clinics: expect.arrayContaining([
        expect.objectContaining({
          clinic: 'bianchi',
          keys: expect.arrayContaining([{ clientId: 'bianchi-backend', clientSecret: 'changed', status: 'active' }]),
        }),
      ]),
    });
  } finally {
    mock.kill();
    await once(mock, 'close');
  }
});
