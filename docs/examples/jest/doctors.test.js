const { createClient } = require('arzamed-devkit'); // or a program of yours
const { createSandbox } = require('./sandbox.js');

let sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(async () => {
  const findings = await sandbox.findings();
  await sandbox.close();
  expect(findings).toEqual([]);
});

test('lists the doctors', async () => {
  expect(await createClient(sandbox.settings).listDoctors()).toHaveLength(3);
});

test('repeats a call after 503', async () => {
  await sandbox.addFault({ operationId: 'listDoctors', status: 503, count: 1 });
  expect(await createClient(sandbox.settings).listDoctors()).toHaveLength(3);
});

test('says that the key was revoked', async () => {
  await sandbox.revokeKey();
  await expect(createClient(sandbox.settings).listDoctors()).rejects.toMatchObject({ code: 'forbidden' });
});
