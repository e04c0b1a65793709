// `npm start` in a checkout: builds only what has changed.
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { closeServer, listen } from '../../src/mock/http/server.ts';
import { run } from '../support/command.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

/** A checkout that was built, whatever happens to files of this one meanwhile. */
async function checkout(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const parts = ['src', 'openapi', 'mocks', 'scripts', 'dist', 'package.json', 'package-lock.json'];
  for (const part of [...parts, 'tsconfig.json', 'tsconfig.build.json', 'LICENSE']) {
    await cp(part, join(folder.path, part), { recursive: true, filter: (name) => !name.endsWith('node_modules') });
  }
  await symlink(resolve('node_modules'), join(folder.path, 'node_modules'));
  const later = new Date(Date.now() + 60_000);
  await utimes(join(folder.path, 'dist/cli/main.js'), later, later);
  return folder;
}

async function start(folder: TemporaryFolder, ...args: string[]): ReturnType<typeof run> {
  return run(process.execPath, ['scripts/start.js', ...args], { cwd: folder.path });
}

test('npm start builds nothing when nothing has changed', async () => {
  await using folder = await checkout();
  const { code, stdout, stderr } = await start(folder, '--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('--port');
});

test('npm start says that the port is in use before it builds', async () => {
  await using folder = await checkout();
  await rm(join(folder.path, 'dist'), { recursive: true });
  const server = createServer();
  const url = await listen(server, '127.0.0.1', 0);
  const { code, stdout, stderr } = await start(folder, '--port', new URL(url).port);
  await closeServer(server);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^arzamed: Port \d+ on 127\.0\.0\.1 is in use/);
});

(isLong ? test : test.skip)(
  'npm start builds after a change, and what it built is there at any moment',
  async () => {
    await using folder = await checkout();
    const changed = join(folder.path, 'src/cli/removed.ts');
    await writeFile(changed, '');
    await mkdir(join(folder.path, 'dist/chunks'), { recursive: true });
    await writeFile(join(folder.path, 'dist/chunks/of-an-earlier-build.js'), '');
    await utimes(changed, new Date(Date.now() + 120_000), new Date(Date.now() + 120_000));
    const building = start(folder, '--help');
    const over = new AbortController();
    const watched = (async (): Promise<number> => {
      let missing = 0;
      while (!over.signal.aborted) {
        if (!existsSync(join(folder.path, 'dist/cli/main.js'))) missing += 1;
        await turn();
      }
      return missing;
    })();
    const { code, stderr } = await building;
    over.abort();
    const missing = await watched;
    expect({ code, stderr, missing }).toEqual({ code: 0, stderr: 'Building …\n', missing: 0 });
    expect(await readdir(join(folder.path, 'dist/chunks'))).not.toContain('of-an-earlier-build.js');
  },
  120_000,
);
