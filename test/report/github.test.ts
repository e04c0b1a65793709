// What a step tells GitHub Actions, by its log and by the files that the runner names.
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { reportToGithub, workflowCommands } from '../../src/report/github.ts';
import { sarif } from '../../src/report/sarif.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

let folder: TemporaryFolder;
let workspace: string;
const before = { env: process.env, cwd: process.cwd() };
beforeEach(async () => {
  folder = await temporaryFolder();
  workspace = join(await realpath(folder.path), 'repository');
  await mkdir(join(workspace, 'part'), { recursive: true });
  process.env = { ...before.env, GITHUB_WORKSPACE: workspace, GITHUB_STEP_SUMMARY: join(folder.path, 'summary.md') };
  process.chdir(join(workspace, 'part'));
});
afterEach(async () => {
  process.env = before.env;
  process.chdir(before.cwd);
  await folder[Symbol.asyncDispose]();
});

/** The summary of the step after a page is added to it. */
async function summaryWith(page: string): Promise<string> {
  await reportToGithub('arzamed verify', [], page, new PassThrough());
  return readFile(join(folder.path, 'summary.md'), 'utf8');
}

const found = { level: 'error', rule: 'a', message: 'Wrong.' } as const;
const commandFor = (where: string): string | undefined => workflowCommands('t', [{ ...found, where }]).split('\n')[1];

test('paths are those in the repository, though the command runs in a folder of it', () => {
  expect(commandFor('a.yaml:7:3')).toBe('::error file=part/a.yaml,line=7,title=t%3A a::Wrong.');
  expect(commandFor(join(workspace, 'b.yaml'))).toBe('::error file=b.yaml,line=1,title=t%3A a::Wrong.');
});

test('a file outside the repository is named in the message, and for SARIF it is about the whole', () => {
  expect(commandFor('/elsewhere/a.yaml:7')).toBe('::error title=t%3A a::/elsewhere/a.yaml:7: Wrong.');
  const [result] = JSON.parse(sarif('t', [{ ...found, where: '/elsewhere/a.yaml:7' }])).runs[0].results;
  expect(result.locations).toEqual([{ physicalLocation: { artifactLocation: { uri: './', uriBaseId: '%SRCROOT%' } } }]);
});

test('where there is nothing to annotate, a line says so', async () => {
  const log = new PassThrough();
  await reportToGithub('arzamed verify', [], '', log);
  log.end();
  expect(await text(log)).toBe('arzamed verify: nothing to annotate\n');
});

test('the summary of a step gets each page', async () => {
  await summaryWith('# One\n');
  expect(await summaryWith('# Two\n')).toBe('# One\n# Two\n');
});

test('a summary has whole lines, and no more than GitHub takes', async () => {
  const limit = 1024 * 1024;
  const summary = await summaryWith(`${'é'.repeat(99)}\n`.repeat(6000));
  expect(Buffer.byteLength(summary)).toBeGreaterThan(limit - 300);
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(limit);
  expect(summary).toMatch(/\né{99}\n\nThe rest is too long for the summary of a step\.\n$/);
  await summaryWith('# More\n'.repeat(100));
  expect((await stat(join(folder.path, 'summary.md'))).size).toBeLessThanOrEqual(limit);
});

test('a summary that cannot be written fails nothing', async () => {
  await writeFile(join(folder.path, 'file'), '');
  process.env.GITHUB_STEP_SUMMARY = join(folder.path, 'file/summary.md');
  await expect(reportToGithub('arzamed verify', [], '# One\n', new PassThrough())).resolves.toBeUndefined();
});
