import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { prepareChild, type PreparedChild } from '../../src/intercept/child/prepare.ts';
import { refuseOpen } from '../../src/intercept/child/private-directory.ts';
import { runChild } from '../../src/intercept/child/run.ts';
import { startExec } from '../support/exec-process.ts';
import { makeTestAuthority, type TestAuthority } from '../support/test-authority.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let made: TestAuthority;
beforeAll(async () => {
  made = await makeTestAuthority(['api.example']);
});

const credentials = { tokenUrl: 'http://127.0.0.1:1/token', clientId: 'id', clientSecret: 'secret', baseUrl: '' };

function prepare(parent: string, authority = made.authority): PreparedChild {
  const common = { proxy: 'http://127.0.0.1:1', hosts: ['api.example'], credentials };
  return prepareChild({ ...common, authority, parent, inherited: { PATH: process.env['PATH'] } });
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

describe('the temporary folder', () => {
  test('can be read by a child under another user, and changed by its own user alone', async () => {
    await using parent = await temporaryFolder();
    using prepared = prepare(parent.path);
    expect(statSync(prepared.folder).mode & 0o777).toBe(0o755);
    const modes = filesIn(prepared.folder).map((path) => statSync(path).mode & 0o777);
    expect(modes.length).toBeGreaterThan(3);
    expect(new Set(modes)).toEqual(new Set([0o644, 0o755]));
  });

  test('holds no private key, even where one stands beside the certificate', async () => {
    await using parent = await temporaryFolder();
    using prepared = prepare(parent.path, `${made.key}${made.authority}`);
    const texts = filesIn(prepared.folder).map((path) => readFileSync(path, 'latin1'));
    expect(texts.filter((text) => text.includes('PRIVATE KEY'))).toEqual([]);
    expect(texts.filter((text) => text.includes(made.authority.trim()))).toHaveLength(2);
  });

  test('is gone with the block', async () => {
    await using parent = await temporaryFolder();
    {
      using prepared = prepare(parent.path);
      expect(existsSync(prepared.folder)).toBe(true);
    }
    expect(readdirSync(parent.path)).toEqual([]);
  });

  test('is refused where others could put another in its place', async () => {
    await using parent = await temporaryFolder();
    await chmod(parent.path, 0o777);
    expect(() => prepare(parent.path)).toThrow(expect.objectContaining({ code: 'folder_not_private' }));
    expect(readdirSync(parent.path)).toEqual([]);
  });

  test('is refused where the system cannot keep its files from others', async () => {
    await using parent = await temporaryFolder({ file: '' });
    await chmod(join(parent.path, 'file'), 0o620);
    expect(() => refuseOpen(join(parent.path, 'file'))).toThrow(
      /file: Other users can write to it\.\nSet TMPDIR to a folder with free space that only you/,
    );
    await chmod(join(parent.path, 'file'), 0o600);
    expect(() => refuseOpen(join(parent.path, 'file'))).not.toThrow();
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('is refused where it belongs to another user (needs root)', async () => {
    await using parent = await temporaryFolder({ file: '' });
    await chmod(join(parent.path, 'file'), 0o600);
    await chown(join(parent.path, 'file'), 12_345, 12_345);
    expect(() => refuseOpen(join(parent.path, 'file'))).toThrow(/Other users can write to it/);
  });

  asRoot('is refused below a folder of another user, who could exchange it (needs root)', async () => {
    await using parent = await temporaryFolder({ 'theirs/tmp/.keep': '' });
    await chown(join(parent.path, 'theirs'), 12_345, 12_345);
    expect(() => prepare(join(parent.path, 'theirs/tmp'))).toThrow(/theirs: It belongs to another user\./);
    await chown(join(parent.path, 'theirs'), 0, 0);
    await chmod(join(parent.path, 'theirs'), 0o777);
    expect(() => prepare(join(parent.path, 'theirs/tmp'))).toThrow(/theirs: Other users can replace its contents\./);
  });

  test('may be in a folder that all share, as /tmp is', async () => {
    await using parent = await temporaryFolder();
    await chmod(parent.path, 0o1777);
    using prepared = prepare(parent.path);
    expect(existsSync(prepared.folder)).toBe(true);
  });

  test('is refused with a sentence where it cannot be made', () => {
    expect(() => prepare('/no/such/folder')).toThrow(
      /^\/no\/such\/folder: A folder cannot be made there \(ENOENT\)\.\n/,
    );
  });
});

/** Runs a program of the shell as test/support/exec.ts does, below this process. */
async function runShell(parent: string, program: string): Promise<number> {
  using prepared = prepare(parent);
  expect(readdirSync(parent)).toHaveLength(1);
  return (await runChild({ command: 'sh', args: ['-c', program], env: prepared.env })).code;
}

describe('the temporary folder is removed', () => {
  test('when the child has ended by itself', async () => {
    await using parent = await temporaryFolder();
    expect(await runShell(parent.path, 'exit 3')).toBe(3);
    expect(readdirSync(parent.path)).toEqual([]);
  });

  // In the short run, one of them stands for all.
  for (const signal of isLong ? (['SIGTERM', 'SIGINT', 'SIGHUP'] as const) : (['SIGINT'] as const)) {
    test(`after ${signal}`, async () => {
      await using parent = await temporaryFolder();
      await using running = startExec(parent.path, ['sh', '-c', 'echo ready; exec sleep 60']);
      await running.printed(/ready/);
      expect(existsSync(await running.folder())).toBe(true);
      running.child.kill(signal);
      await running.ended();
      expect(readdirSync(parent.path)).toEqual([]);
    });
  }

  test('after a crash of the child', async () => {
    await using parent = await temporaryFolder();
    expect(await runShell(parent.path, 'kill -SEGV $$')).toBe(139);
    expect(readdirSync(parent.path)).toEqual([]);
  });

  test('after a crash of the caller', async () => {
    await using parent = await temporaryFolder();
    const { code, stderr } = await startExec(parent.path, ['true'], { EXEC_CRASH: '1' }).ended();
    expect([code, stderr]).toEqual([1, expect.stringContaining('A crash of ours.')]);
    expect(readdirSync(parent.path)).toEqual([]);
  });

  test('at the next start, if the caller was killed, and by nobody else as long as its process runs', async () => {
    await using parent = await temporaryFolder();
    await using running = startExec(parent.path, ['cat']);
    const theirs = await running.folder();
    prepare(parent.path)[Symbol.dispose]();
    expect(existsSync(theirs)).toBe(true);
    running.child.kill('SIGKILL');
    await running.ended();
    expect(existsSync(theirs)).toBe(true);
    using prepared = prepare(parent.path);
    expect(readdirSync(parent.path)).toEqual([prepared.folder.slice(parent.path.length + 1)]);
  });

  test('and nothing that merely has such a name', async () => {
    await using parent = await temporaryFolder({ 'target/file': 'precious' });
    const own = prepare(parent.path);
    const name = own.folder.replace(`-${process.pid}-`, '-999999999-');
    own[Symbol.dispose]();
    await symlink(join(parent.path, 'target'), name);
    await mkdir(join(parent.path, 'arzamed-exec-of-somebody'));
    prepare(parent.path)[Symbol.dispose]();
    expect(readdirSync(parent.path).toSorted()).toEqual(
      ['arzamed-exec-of-somebody', name.slice(parent.path.length + 1), 'target'].toSorted(),
    );
    expect(readFileSync(join(parent.path, 'target/file'), 'utf8')).toBe('precious');
  });
});
