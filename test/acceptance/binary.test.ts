// The executable of `npm run binary`, beside what the other tests of `npm run test:binary` do with it.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { executable, run, type Ended } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const whereMade = executable === undefined ? test.skip : test;

/** Runs the executable with its cache in a folder, and temporary files in another. */
function started(cache: string, temporary: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, XDG_CACHE_HOME: cache, TMPDIR: temporary };
  return run(executable ?? '', args, { env });
}

const version = { code: 0, stdout: `${manifest.version}\n`, stderr: '' };

describe('the executable', () => {
  whereMade('unpacks itself once for this user, also when two start at once', async () => {
    await using folder = await temporaryFolder();
    const cache = join(folder.path, 'cache');
    const first = await Promise.all([1, 2].map(() => started(cache, folder.path, '--version')));
    const kept = await readdir(join(cache, 'arzamed-devkit'));
    expect({ first, kept }).toEqual({
      first: [version, version],
      kept: [expect.stringMatching(new RegExp(`^${manifest.version}-[\\da-f]{16}$`))],
    });
    expect(await started(cache, '/none/such', '--version')).toEqual(version);
    expect(await readdir(folder.path)).toEqual(['cache']);
  });

  whereMade('leaves nothing where it can keep nothing, and runs', async () => {
    await using folder = await temporaryFolder({ file: '' });
    expect(await started(join(folder.path, 'file'), folder.path, '--version')).toEqual(version);
    expect(await readdir(folder.path)).toEqual(['file']);
  });

  whereMade('runs nothing that others could have written', async () => {
    await using folder = await temporaryFolder();
    await started(folder.path, folder.path, '--version');
    const cache = join(folder.path, 'arzamed-devkit');
    const kept = join(cache, ...(await readdir(cache)));
    await writeFile(join(kept, 'node_modules/arzamed-devkit/dist/cli/main.js'), "console.log('theirs');");
    await chmod(kept, 0o777);
    expect(await started(folder.path, folder.path, '--version')).toEqual(version);
  });

  whereMade('says in a sentence that it can be unpacked nowhere', async () => {
    expect(await started('/dev/null', '/none/such', '--version')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^arzamed: It cannot unpack itself \(ENOENT.*\)\. Set TMPDIR .*\.\n$/),
    });
  });

  whereMade('writes a client without a package around it', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'project'));
    const { code, stderr } = await run(executable ?? '', ['client', '--out', '.'], {
      cwd: join(folder.path, 'project'),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Wrote client.ts\nWrote types.ts\n' });
  });

  whereMade('says what verifies contracts in its place, and checks the document without', async () => {
    expect(await run(executable ?? '', ['verify'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/no native parts\nUse the npm package or the container;.*\n$/),
    });
    expect(await run(executable ?? '', ['verify', '--contracts', 'none'])).toMatchObject({ code: 0 });
  });
});
