// What a command says where the system refuses something, or a document leads where it should not: a sentence, exit code 2.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, symlinkSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { describe, expect, test } from '@jest/globals';
import { invocation } from '../support/command.ts';
import { setVariables } from '../support/environment.ts';
import { arzamedHere } from '../support/in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const arzamed = 'openapi/arzamed.yaml';
const document = (schema: string, description = 'ok'): string => `openapi: 3.1.0
info: { title: A, version: '1', description: ${description} }
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content: { application/json: { schema: ${schema} } }
components:
  schemas:
    A: { $ref: '#/components/schemas/B' }
    B: { $ref: '#/components/schemas/A' }
`;

describe('a temporary folder that cannot be made', () => {
  test('is told with what to do', async () => {
    using _variables = setVariables({ TMPDIR: '/proc/none' });
    const { code, stdout, stderr } = await arzamedHere('diff', 'HEAD:package.json', 'x');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'arzamed: /proc/none: No temporary folder can be made.\n' +
        '  reason  it does not exist\n' +
        'Set TMPDIR to a folder that can be written to.\n',
    );
  });
});

describe('a reference', () => {
  test('that leads back to itself is told in a sentence', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': document("{ $ref: '#/components/schemas/A' }") });
    const ended = await arzamedHere('verify', '--contracts', 'none', '--spec', `${folder.path}/a.yaml`);
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'arzamed: This could not be tried: a schema of the document refers to itself without end, or is nested too deeply.\n',
    });
  });

  test.each(['/proc/self/environ', '/dev/zero', 'pipe'])('to %s is refused before it is opened', async (target) => {
    await using folder = await temporaryFolder({ 'a.yaml': document(`{ $ref: '${target}' }`) });
    expect(spawnSync('mkfifo', [`${folder.path}/pipe`]).status).toBe(0);
    const { code, stderr } = await arzamedHere('verify', '--contracts', 'none', '--spec', `${folder.path}/a.yaml`);
    expect(code).toBe(2);
    expect(stderr).toContain('It is no regular file.');
  });

  test('in the place of a text shows no file of another folder', async () => {
    await using folder = await temporaryFolder({
      'secret.txt': 'canary',
      'api/a.yaml': document('{}', '{ $ref: ../secret.txt }'),
      'api/b.yaml': document('{}', '{ $ref: text.md }'),
      'api/text.md': 'A text.',
    });
    const files = { 'a.yaml': 'leads to no text', 'b.yaml': 'is followed' };
    for (const [name, said] of Object.entries(files)) {
      const { stdout, stderr } = await arzamedHere('types', '--spec', `${folder.path}/api/${name}`);
      expect(stderr).toContain(said);
      expect(stdout).not.toContain('canary');
    }
  });
});

describe('a link in a folder to what the kernel shows', () => {
  test.each([
    ['clinics', ['exec', '--clinics', 'FOLDER', '--', 'true']],
    ['contracts', ['verify', '--contracts', 'FOLDER']],
  ])('is not read among %s', async (_kind, args) => {
    await using folder = await temporaryFolder({ 'note.txt': '' });
    for (const name of ['x.yaml', 'x.json']) symlinkSync('/proc/self/environ', `${folder.path}/${name}`);
    const { code, stderr } = await arzamedHere(...args.map((each) => each.replace('FOLDER', folder.path)));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('It is no regular file.') });
  });
});

test('a folder that the system does not make is told in a sentence', async () => {
  const { code, stderr } = await arzamedHere('types', '--out', '/proc/none/of/types.ts');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('The file cannot be written.') });
});

test.each([['--version'], ['why', '--help'], ['diff', arzamed, arzamed]])(
  'the output of %s that is lost ends with 2',
  (...args) => {
    const { status, stderr } = spawnSync(...invocation(...args), {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, 'arzamed: The output cannot be written: no space left.\n']);
  },
);

test('a mock whose log cannot be written serves on', async () => {
  const child = spawn(...invocation('mock', '--port', '0'), {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = once(child, 'close');
  const [line] = await once(createInterface({ input: child.stderr ?? process.stdin }), 'line');
  expect(line).toBe('arzamed: The output cannot be written: no space left.');
  child.kill('SIGTERM');
  expect(await ended).toEqual([2, null]);
});
