// The one writer of files: each whole or not at all, and nothing that others have laid in its way.
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writeFiles } from '../../src/util/files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a file keeps its mode, and a link stays one', async () => {
  await using folder = await temporaryFolder({ 'report.html': 'old' });
  const file = join(folder.path, 'report.html');
  await chmod(file, 0o600);
  await symlink(file, join(folder.path, 'link.html'));
  await writeFiles(folder.path, { 'link.html': 'new' });
  expect([await readFile(file, 'utf8'), (await stat(file)).mode & 0o777]).toEqual(['new', 0o600]);
  expect((await lstat(join(folder.path, 'link.html'))).isSymbolicLink()).toBe(true);
});

test('a link at the name of earlier unfinished files is not followed', async () => {
  await using folder = await temporaryFolder({ private: 'mine' });
  const file = join(folder.path, 'report.html');
  await symlink(join(folder.path, 'private'), `${file}.${process.pid}.tmp`);
  await writeFiles(folder.path, { 'report.html': 'new' });
  expect(await readFile(join(folder.path, 'private'), 'utf8')).toBe('mine');
  expect((await lstat(file)).isFile()).toBe(true);
});

test('what cannot be written leaves nothing behind, and is told in words', async () => {
  await using folder = await temporaryFolder({ 'report.html': 'old' });
  await mkdir(join(folder.path, 'a folder'));
  await expect(writeFiles(folder.path, { 'a folder': 'new' })).rejects.toMatchObject({ code: 'file_unwritable' });
  await expect(writeFiles('/dev', { full: 'new' })).rejects.toThrow(/no space left/);
  expect((await readdir(folder.path)).toSorted()).toEqual(['a folder', 'report.html']);
  await writeFile(join(folder.path, 'report.html'), 'still');
});
