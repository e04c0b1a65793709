import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { run } from '../../support/command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Verifier } from '../../../src/verify/provider/pact-verifier.ts';
import { brief, contractOf, json, jsonBody, serve, verify } from './support.ts';

test("Pact's verifier is asked for by name where it is not installed", async () => {
  await using folder = await temporaryFolder({});
  const started = Verifier.start([join(folder.path, 'any.js')]);
  await expect(started).rejects.toThrow(/Cannot find module[^]*npm install --save-dev @pact-foundation\/pact-core@\d/);
});

test("nothing is printed, although Pact's verifier prints what the provider answered", async () => {
  await using provider = await serve((_request, response) => json(response, 200, { name: 1, more: 'CANARY' }));
  const contract = contractOf({ response: { body: jsonBody({ name: 'x' }) } });
  const program = `
    import { openProvider } from './src/verify/provider/open-provider.ts';
    import { readContract } from './src/pact/read-contract.ts';
    import { verifyProvider } from './src/verify/provider/verify-provider.ts';
    const provider = await openProvider({ url: '${provider.url}', states: '${provider.url}/states' });
    const verdicts = await verifyProvider({ provider, contracts: [readContract('some.json', ${JSON.stringify(JSON.stringify(contract.content))})] });
    process.exitCode = verdicts.length;
  `;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  expect(await run(process.execPath, args)).toEqual({ code: 2, stdout: '', stderr: '' });
});

test('variables of Pact and of proxies in the environment change nothing', async () => {
  await using provider = await serve((_request, response) => json(response, 200, {}));
  const strange = {
    ...process.env,
    PACT_DESCRIPTION: 'another',
    PACT_BROKER_BASE_URL: 'http://127.0.0.1:1',
    HTTP_PROXY: 'http://127.0.0.1:1',
  };
  await using verifier = await Verifier.start(undefined, strange);
  await using folder = await temporaryFolder({ 'one.json': JSON.stringify(contractOf({}).content) });
  const text = await verifier.verify({ providerBaseUrl: provider.url, pactUrls: [join(folder.path, 'one.json')] });
  expect(text).toContain('"result":"OK"');
});

test('a message is not verified, and said not to be', async () => {
  await using provider = await serve((_request, response) => json(response, 200, {}));
  const content = {
    ...Object(contractOf().content),
    interactions: [{ type: 'Asynchronous/Messages', description: 'an event' }],
  };
  const verdicts = await verify(provider, [{ file: 'messages.json', content }], { states: provider.url });
  expect(brief(verdicts)).toEqual(['not verifiable interaction']);
});

test('an option that Pact does not take ends no process', async () => {
  await using verifier = await Verifier.start();
  expect(await verifier.verify({})).toMatch(/must be provided/);
  expect(await verifier.verify({})).toMatch(/must be provided/);
});
