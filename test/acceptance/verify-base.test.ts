// `arzamed verify --base REVISION`, in a repository of its own.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { run, type Ended } from '../support/command.ts';
import { setVariables } from '../support/environment.ts';
import { arzamedIn } from '../support/in-process.ts';
import { shareVerifier } from '../support/shared-verifier.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';
import { isLong } from '../support/runs.ts';

const inLong = isLong ? test : test.skip;

shareVerifier();

interface Verdict {
  net: string;
  result: string;
  rule: string;
  sentence: string;
}

const api = 'arzamed-devkit-arzamed-api.json';

/** The bundled contracts, with as many interactions as are spoken of here: each is verified anew by each test. */
const contracts = await Promise.all(
  [api, 'arzamed-devkit-arzamed-token-endpoint.json'].map(async (name) => {
    const file = `contracts/${name}`;
    const contract: { interactions: { description: string }[] } = JSON.parse(await readFile(file, 'utf8'));
    const interactions = contract.interactions.filter(({ description }) =>
      /that has none|whose doctors|wrong secret/.test(description),
    );
    expect(interactions).not.toEqual([]);
    return [file, JSON.stringify({ ...contract, interactions }, null, 2)] as const;
  }),
);

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(async () => {
  await mock[Symbol.asyncDispose]();
});

let project: TemporaryFolder;
beforeEach(async () => {
  project = await temporaryFolder(Object.fromEntries(contracts));
  await git('init', '-q', '-b', 'main');
  await commit();
});
afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

function git(...args: string[]): Promise<Ended> {
  return run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.invalid', ...args], { cwd: project.path });
}

async function commit(): Promise<void> {
  await git('add', '.');
  const { code, stderr } = await git('commit', '-q', '-m', 'a');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

/** Changes the contract with the API. */
async function change(before: string, after: string): Promise<void> {
  const file = join(project.path, 'contracts', api);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(before);
  await writeFile(file, text.replaceAll(before, after));
}

function verify(...args: string[]): Promise<Ended> {
  return arzamedIn(project.path, 'verify', '--provider', mock.url, '--contracts', 'contracts', ...args);
}

async function weakenings(...args: string[]): Promise<{ code: number | null; verdicts: Verdict[] }> {
  const { code, stdout } = await verify('--base', 'HEAD', '--json', ...args);
  const { verdicts }: { verdicts: Verdict[] } = JSON.parse(stdout);
  return { code, verdicts: verdicts.filter(({ net }) => net === 'weakening') };
}

const loosened = [String.raw`"regex": "^[A-Za-z][A-Za-z\\d+.-]*:\\S*$"`, '"regex": ".*"'] as const;

describe('arzamed verify --base', () => {
  test('holds where nothing has changed, in a column of its own', async () => {
    const { code, stdout, stderr } = await verify('--base', 'HEAD');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ +weakening +/);
  });

  test('ends with 1 where a matcher is looser, and says where and what to do', async () => {
    await change(...loosened);
    const { code, stdout } = await verify('--base', 'HEAD');
    expect(code).toBe(1);
    expect(stdout).toMatch(/BROKEN {2}weakening: pattern\n.*whose doctors all have a photo.*\$\.response\.body\[\*\]/);
    expect(stdout).toMatch(/^ {2}.*allowed-weakenings\.json with a reason: \{.*\}$/m);
  });

  test('holds where a weakening is named with a reason', async () => {
    await change(...loosened);
    const entry = {
      interaction:
        'a request for the doctors of a clinic whose doctors all have a photo, given a bearer token (clinic: ricci)',
      path: '$.response.body[*].profileImage',
      rule: 'pattern',
    };
    const text = JSON.stringify([{ ...entry, reason: 'Photos may be missing soon.' }]);
    await writeFile(join(project.path, 'allowed-weakenings.json'), text);
    const allowed = await weakenings();
    expect(allowed.code).toBe(0);
    expect(allowed.verdicts).toContainEqual(
      expect.objectContaining({ rule: 'pattern', sentence: expect.stringContaining('Photos may be missing soon.') }),
    );
  });

  test('ends with 1 where a contract is gone', async () => {
    await rm(join(project.path, 'contracts/arzamed-devkit-arzamed-token-endpoint.json'));
    const { code, verdicts } = await weakenings();
    expect(code).toBe(1);
    expect(verdicts.filter(({ result }) => result === 'broken')).toEqual([
      expect.objectContaining({ rule: 'contract', contract: 'contracts/arzamed-devkit-arzamed-token-endpoint.json' }),
    ]);
  });

  inLong('compares one file as well', async () => {
    await change(...loosened);
    const { verdicts } = await weakenings('--contracts', `contracts/${api}`);
    expect(verdicts.filter(({ result }) => result === 'broken').length).toBe(1);
  });

  inLong('says that all is new where the revision had no contract here, and is not red', async () => {
    await git('mv', 'contracts', 'pacts');
    const { code, verdicts } = await weakenings('--contracts', 'pacts');
    expect(code).toBe(0);
    expect(verdicts).toEqual([expect.objectContaining({ result: 'not verifiable', rule: 'contract' })]);
  });

  inLong('says that a contract could not be read in the revision, and is mended now', async () => {
    const file = join(project.path, 'contracts', api);
    const text = await readFile(file, 'utf8');
    await writeFile(file, '{');
    await commit();
    await writeFile(file, text);
    const { code, verdicts } = await weakenings();
    expect(code).toBe(0);
    expect(verdicts).toContainEqual(expect.objectContaining({ result: 'not verifiable' }));
  });

  test.each([
    [['--base', 'none'], /^arzamed: none: Not a revision of this Git repository\.\n.*fatal: .*\nName another; in CI/],
    [['--base', '--all'], /^arzamed: --all: Not a revision of this Git repository\./],
    [
      ['--base', 'HEAD', '--allowed', 'none.json'],
      /^arzamed: none\.json: The file of allowed weakenings cannot be read/,
    ],
  ])('%j ends with 2 and a sentence', async (args, message) => {
    const { code, stdout, stderr } = await verify(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  inLong('takes those of the folder contracts where none are named', async () => {
    const { code, stdout } = await arzamedIn(project.path, 'verify', '--base', 'HEAD', '--provider', mock.url);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('the contracts of contracts;') });
  });

  test('without contracts of the repository ends with 2 and a sentence', async () => {
    await rm(join(project.path, 'contracts'), { recursive: true });
    const { code, stderr } = await arzamedIn(project.path, 'verify', '--base', 'HEAD');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^arzamed: --base: Bundled contracts have no revisions\./);
  });

  test('without Git ends with 2 and a sentence', async () => {
    using _path = setVariables({ PATH: '/nowhere' });
    const { code, stderr } = await verify('--base', 'a');
    expect(code).toBe(2);
    expect(stderr).toMatch(/reason +git is not installed/);
  });
});
