// `arzamed verify`: once as the built command line, else in this process.
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runArzamed, type Ended } from '../support/command.ts';
import { arzamedHere, arzamedIn } from '../support/in-process.ts';
import { placeIn, sarifResults } from '../support/sarif.ts';
import { shareVerifier } from '../support/shared-verifier.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const inLong = isLong ? test : test.skip;

shareVerifier();

interface Report {
  verdicts: { net: string; result: string; contract?: string; interaction?: string; rule: string; sentence: string }[];
}

/** A specification in which something is another than in ours. */
async function changedSpec(before: string, after: string) {
  const text = await readFile('openapi/arzamed.yaml', 'utf8');
  expect(text).toContain(before);
  return temporaryFolder({ 'spec.yaml': text.replace(before, after) });
}

async function broken(...args: string[]): Promise<Report['verdicts']> {
  const { code, stdout } = await arzamedHere('verify', '--json', ...args);
  const report: Report = JSON.parse(stdout);
  expect(code).toBe(1);
  return report.verdicts.filter(({ result }) => result === 'broken');
}

describe('arzamed verify', () => {
  const names = ['r.html', 'r.json', 'r.md', 'r.xml'];
  let folder: TemporaryFolder;
  let ended: Ended;
  beforeAll(async () => {
    folder = await temporaryFolder();
    ended = await runArzamed('verify', ...names.flatMap((name) => ['--report', join(folder.path, name)]));
  });
  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
  });

  test('holds contracts, specification and mock against each other, and prints one table', () => {
    const { code, stdout, stderr } = ended;
    expect({ code, stderr: stderr.replaceAll(/^Wrote .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}lint +guarantee +provider +conformance/);
    expect(stdout).toContain('a request for the doctors without a token\n');
    expect(stdout).toMatch(
      /^The contracts look at 7 of 7 documented answers and 11 of 13 places in them\.\n2 contracts, .*, the mock: \d+ hold, in \d+\.\d s\.\n$/m,
    );
  });

  test('writes reports in the format that their names say', async () => {
    expect((await readdir(folder.path)).toSorted()).toEqual(names);
    const [html, json, markdown, xml] = await Promise.all(
      names.map((name) => readFile(join(folder.path, name), 'utf8')),
    );
    expect(html).toContain('<!doctype html>');
    expect(JSON.parse(json ?? '')).toMatchObject({ provider: 'the mock' });
    expect(markdown).toContain('| lint | guarantee | provider | conformance |');
    expect(xml).toMatch(/<testsuite name="arzamed verify" tests="\d+" failures="0" errors="0" skipped="0"/);
    for (const text of [html, json, markdown, xml]) expect(text).not.toMatch(/not-a-secret|eyJ/);
  });

  // So do the commands of docs/ci.md.
  inLong('finds a mock that runs elsewhere by itself', async () => {
    await using mock = await startUsualMock();
    const { code, stdout } = await arzamedHere('verify', '--provider', mock.url, '--json');
    const report: Report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(new Set(report.verdicts.map(({ result }) => result))).toEqual(new Set(['holds']));
  });

  test('ends with 1 where contract and provider differ, and says who, where and what', async () => {
    const contract = await readFile('contracts/arzamed-devkit-arzamed-api.json', 'utf8');
    const [before = ''] = contract.split('"status": 200');
    const text = contract.replace('"status": 200', '"status": 204');
    await using contracts = await temporaryFolder({ 'contracts/a.json': text });
    const args = ['--contracts', 'contracts', '--report', 'found.sarif'];
    const { code, stdout } = await arzamedIn(contracts.path, 'verify', '--json', ...args);
    expect(code).toBe(1);
    const found: Report['verdicts'] = JSON.parse(stdout).verdicts;
    const results = await sarifResults(join(contracts.path, 'found.sarif'));
    const line = before.split('\n').length;
    expect(results.filter(({ level }) => level === 'error').map(placeIn)).toContain(`contracts/a.json:${line}`);
    expect(found).toContainEqual(
      expect.objectContaining({ net: 'provider', rule: 'status', place: '$.response.status' }),
    );
  });

  test('ends with 1 where provider and specification differ', async () => {
    await using mock = await startUsualMock();
    await using folder = await changedSpec('/equipe/doctors:', '/equipe/staff:');
    const found = await broken('--provider', mock.url, '--spec', join(folder.path, 'spec.yaml'), '--contracts', 'none');
    expect(found).toContainEqual(expect.objectContaining({ net: 'conformance', operation: 'GET /equipe/staff' }));
  });

  test('ends with 0 where what is broken is accepted with a reason, and with 1 where nothing is', async () => {
    await using folder = await changedSpec('expires_in: 3600', 'expires_in: soon');
    const entry = { net: 'lint', rule: 'no-invalid-media-type-examples', reason: 'An example for people.' };
    await using reviewed = await temporaryFolder({ 'accepted.json': JSON.stringify([entry]) });
    const accepted = ['--accepted', join(reviewed.path, 'accepted.json'), '--contracts', 'none', '--provider', 'mock'];
    const { code, stdout } = await arzamedHere('verify', '--spec', join(folder.path, 'spec.yaml'), ...accepted);
    expect(stdout).toContain('Accepted: An example for people.');
    expect(code).toBe(0);
    const stale = await arzamedHere('verify', ...accepted);
    expect(stale.stdout).toContain('matches no finding: correct or remove it.');
    expect(stale.code).toBe(1);
  });

  inLong(
    'ends with 1 where the specification does not guarantee what a contract demands, though the mock does it',
    async () => {
      await using folder = await changedSpec('required: [name, profileImage]', 'required: [profileImage]');
      const found = await broken('--spec', join(folder.path, 'spec.yaml'));
      expect(new Set(found.map(({ net, rule }) => `${net}: ${rule}`))).toEqual(new Set(['guarantee: required']));
    },
  );

  test('ends with 1 where the specification is wrong by itself', async () => {
    await using folder = await changedSpec('expires_in: 3600', 'expires_in: soon');
    const found = await broken('--spec', join(folder.path, 'spec.yaml'), '--provider', 'mock', '--contracts', 'none');
    expect(found).toContainEqual(expect.objectContaining({ net: 'lint', rule: 'no-invalid-media-type-examples' }));
  });

  inLong('says with --strength which mutants the contracts notice, and what would notice the others', async () => {
    await using folder = await temporaryFolder();
    const contract: { interactions: unknown[] } = JSON.parse(
      await readFile('contracts/arzamed-devkit-arzamed-api.json', 'utf8'),
    );
    await using contracts = await temporaryFolder({
      'a.json': JSON.stringify({ ...contract, interactions: contract.interactions.slice(0, 1) }),
    });
    const report = join(folder.path, 'r.html');
    const args = ['--strength', '--contracts', contracts.path, '--report', report];
    const { code, stdout } = await arzamedHere('verify', ...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^operator +mutants +pact +guarantee +diff +survived +equivalent$/m);
    expect(stdout).toMatch(/^survived: auth not enforced listDoctors/m);
    const page = await readFile(report, 'utf8');
    expect(page).toContain('How strong the contracts are');
    expect(page).toContain('What the contracts look at');
  });
});

describe('what cannot be verified ends with 2 and a sentence on what to do', () => {
  test.each([
    ['a contract that is no JSON', '{', /a\.json.*JSON/s],
    ['a contract that is none', '{"a":1}', /a\.json: /],
    [
      'a contract without interactions',
      '{"consumer":{"name":"a"},"provider":{"name":"b"},"interactions":[]}',
      /a\.json: /,
    ],
  ])('%s', async (_name, contract, message) => {
    await using folder = await temporaryFolder({ 'a.json': contract });
    const { code, stdout, stderr } = await arzamedHere('verify', '--contracts', folder.path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test.each([
    ['a folder without contracts', ['--contracts', 'src'], /The folder holds no contract/],
    ['a specification that does not exist', ['--spec', 'none.yaml'], /none\.yaml/],
    ['a report without a format', ['--report', 'r.txt'], /Unknown report format\./],
    ['a provider that is no URL', ['--provider', 'localhost'], /--provider/],
    ['a broker without the name of the provider', ['--broker-url', 'http://127.0.0.1:1'], /--broker-provider/],
    ['results to publish, and no broker', ['--publish'], /--broker-url/],
    [
      'results without a version',
      ['--broker-url', 'http://127.0.0.1:1', '--broker-provider', 'a', '--publish'],
      /--provider-version/,
    ],
    [
      'a selector that is no object',
      ['--broker-url', 'http://127.0.0.1:1', '--broker-provider', 'a', '--consumer-version-selector', 'main'],
      /--consumer-version-selector/,
    ],
    [
      'a broker that does not answer',
      ['--broker-url', 'http://127.0.0.1:1', '--broker-provider', 'arzamed-api'],
      /it does not answer/,
    ],
  ])('%s', async (_name, args, message) => {
    const { code, stdout, stderr } = await arzamedHere('verify', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a provider that does not answer', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    server.close();
    await once(server, 'close');
    const { code, stdout } = await arzamedHere('verify', '--provider', `http://127.0.0.1:${port}`);
    expect(code).toBe(2);
    expect(stdout).toContain('no answer  provider: answer');
  });

  test('a live provider without credentials, naming the missing variable', async () => {
    const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, stderr } = await arzamedHere('verify', '--provider', `http://127.0.0.1:${port}`);
    server.close();
    expect(code).toBe(2);
    expect(stderr).toContain('ARZAMED_');
  });
});
