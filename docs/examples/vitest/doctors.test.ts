import { createClient, type ClientOptions } from 'arzamed-devkit'; // or a program of yours
import { startMock, type Mock, type MockSandbox } from 'arzamed-devkit/mock';
import { expect, test as base } from 'vitest';

/** A mock in each worker, and a sandbox of it for each test. */
const test = base.extend<{ sandbox: MockSandbox }, { mock: Mock }>({
  mock: [
    async ({}, use) => {
      const mock = await startMock();
      await use(mock);
      await mock.close();
    },
    { scope: 'worker' },
  ],
  sandbox: async ({ mock }, use) => {
    const sandbox = mock.sandboxes.create();
    await use(sandbox);
    sandbox.findings.conclude();
    const findings = sandbox.findings.list();
    await sandbox.close();
    expect(findings).toEqual([]);
  },
});

function settingsOf({ baseUrl, clinics }: MockSandbox): ClientOptions {
  const { tokenUrl, keys } = clinics.find(({ clinic }) => clinic === 'bianchi')!;
  return { baseUrl, tokenUrl, ...keys[0]! };
}

test('lists the doctors', async ({ sandbox }) => {
  expect(await createClient(settingsOf(sandbox)).listDoctors()).toHaveLength(3);
});

test('repeats a call after 503', async ({ sandbox }) => {
  sandbox.faults.add({ operationId: 'listDoctors', status: 503, count: 1 });
  expect(await createClient(settingsOf(sandbox)).listDoctors()).toHaveLength(3);
});

test('says that the key was revoked', async ({ sandbox }) => {
  sandbox.keys.revoke('bianchi-backend');
  await expect(createClient(settingsOf(sandbox)).listDoctors()).rejects.toMatchObject({ code: 'forbidden' });
});
