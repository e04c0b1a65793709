// `arzamed diff`: once as the built command line, else in this process.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { arzamed, run } from '../support/command.ts';
import { arzamedHere, arzamedIn } from '../support/in-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const spec = 'openapi/arzamed.yaml';

let folder: TemporaryFolder;
beforeAll(async () => {
  const text = await readFile(spec, 'utf8');
  folder = await temporaryFolder({
    'old.yaml': text,
    'described.yaml': text.replace('summary: The clinic', 'summary: Another clinic'),
    'added.yaml': text.replace(
      '  /equipe/doctors:',
      "  /rooms: { get: { responses: { '200': { description: Rooms } } } }\n  /equipe/doctors:",
    ),
    'without-503.yaml': text.replace("'503':", "'504':"),
    'token-url.yaml': text.replace('your-clinic/oauth2/token', 'your-clinic/token'),
  });
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const at = (name: string): string => join(folder.path, name);

describe('arzamed diff', () => {
  test.each([
    ['old.yaml', 0, 'nothing has changed'],
    ['described.yaml', 0, 'the next version is a patch one'],
    ['added.yaml', 0, 'the next version is a minor one'],
    ['without-503.yaml', 1, 'the next version is a major one'],
  ])('%s: exit code and advice', async (name, expected, advice) => {
    const { code, stdout, stderr } = await arzamedHere('diff', spec, at(name));
    expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
    expect(stdout.endsWith(`; ${advice}.\n`)).toBe(true);
  });

  test('says which interactions and methods a change breaks, and which it does not touch', async () => {
    const { stdout } = await arzamedHere('diff', spec, at('without-503.yaml'), '--json');
    const { changes }: { changes: { severity: string; impact?: { interactions: string[] } }[] } = JSON.parse(stdout);
    expect(changes.filter(({ severity }) => severity === 'breaking')).toEqual([
      expect.objectContaining({
        rule: 'status-removed',
        impact: {
          verdict: 'breaks you',
          methods: ['listDoctors'],
          interactions: [expect.stringContaining('while the service is unavailable')],
        },
      }),
    ]);
    const contracts = 'contracts/arzamed-devkit-arzamed-token-endpoint.json';
    const other = await arzamedHere('diff', spec, at('without-503.yaml'), '--contracts', contracts);
    expect(other.stdout).toContain('does not touch you (method listDoctors)\n');
  });

  test('notices a token URL that has changed', async () => {
    const { code, stdout } = await arzamedHere('diff', spec, at('token-url.yaml'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^breaking {2}token-url\n/);
  });

  test('reads a revision of the repository', async () => {
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.invalid', ...args], { cwd: folder.path });
    await git('init', '-q');
    await git('add', 'old.yaml');
    await git('commit', '-q', '-m', 'a');
    const args = [resolve(arzamed), 'diff', 'HEAD:old.yaml', 'without-503.yaml'];
    const { code, stdout } = await run(process.execPath, args, { cwd: folder.path });
    expect(code).toBe(1);
    expect(stdout).toContain('HEAD:old.yaml to without-503.yaml: 1 breaking, 1 non-breaking');
  });

  test('annotates for GitHub, and writes Markdown', async () => {
    const github = await arzamedHere('diff', spec, at('without-503.yaml'), '--format', 'github');
    expect(github.stdout).toMatch(
      /^::error title=arzamed diff%3A status-removed::.*without-503\.yaml:\d+: breaking, GET \/equipe\/doctors 503: /m,
    );
    const markdown = await arzamedHere('diff', spec, at('without-503.yaml'), '--format', 'markdown');
    expect(markdown.stdout).toContain('| breaking | status-removed |');
  });

  test('annotates a document that cannot be read where the mistake is', async () => {
    await using project = await temporaryFolder({ 'bad.yaml': 'openapi: 3.0.3\ninfo: {\npaths: ]\n' });
    const { code, stdout } = await arzamedIn(project.path, 'diff', 'bad.yaml', 'bad.yaml', '--format', 'github');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^::error file=bad\.yaml,line=3,title=arzamed diff%3A spec_unreadable::/m);
  });

  test.each([
    [['none.yaml', spec], /^arzamed: none\.yaml: /],
    [['HEAD:none.yaml', spec], /^arzamed: HEAD:none\.yaml: Not a file, and not a path in that Git revision\./],
    [[spec, 'package.json'], /^arzamed: package\.json/],
    [[spec, spec, '--contracts', 'src'], /holds no contract/],
    [[spec], /missing required argument 'new'/],
  ])('%j ends with 2 and a sentence', async (args, message) => {
    const { code, stdout, stderr } = await arzamedHere('diff', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
