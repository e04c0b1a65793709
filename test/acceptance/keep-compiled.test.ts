// What Node has compiled of the command line is kept for its next start, beside the package.
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { interaction, pactText } from '../pact/support.ts';
import { run, type Ended } from '../support/command.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const installed = 'node_modules/arzamed-devkit';

/** A part of a contract, which a command collects in less time than any other command takes. */
const parts = {
  'parts/1/declared.json': '{"description":"a"}',
  'parts/1/app-service.json': pactText('4.0', [interaction({}, {}, { description: 'a' })]),
};

/** A project in which the package is installed, as far as the command line needs it. */
async function project(files: Record<string, string> = {}): Promise<TemporaryFolder> {
  const folder = await temporaryFolder({ ...parts, ...files });
  for (const part of ['dist/cli', 'dist/chunks', 'dist/needs-node.js', 'package.json'])
    await cp(part, join(folder.path, installed, part), { recursive: true });
  return folder;
}

/** Runs the command line there, with what Node itself is told of its cache taken away. */
function runThere(folder: TemporaryFolder, ...args: string[]): Promise<Ended> {
  return runWith({}, folder, ...args);
}

function runWith(variables: NodeJS.ProcessEnv, { path }: TemporaryFolder, ...args: string[]): Promise<Ended> {
  const { NODE_COMPILE_CACHE: _folder, NODE_DISABLE_COMPILE_CACHE: _off, ...inherited } = process.env;
  const env = { ...inherited, ...variables };
  return run(process.execPath, [join(path, installed, 'dist/cli/main.js'), ...args], { cwd: path, env });
}

const written = 'contracts: 1 interactions in 1 contracts, of 1 declared.\n';

describe('a command', () => {
  test('keeps what was compiled for it in the node_modules that it is installed in', async () => {
    await using folder = await project();
    expect(await runThere(folder, 'collect', 'parts')).toMatchObject({ code: 0 });
    expect((await readdir(join(folder.path, 'node_modules'))).toSorted()).toEqual(['.cache', 'arzamed-devkit']);
    const [version = ''] = await readdir(join(folder.path, 'node_modules/.cache/arzamed-devkit'));
    expect(await readdir(join(folder.path, 'node_modules/.cache/arzamed-devkit', version))).not.toEqual([]);
  });

  test('runs all the same where nothing can be kept', async () => {
    await using folder = await project({ 'node_modules/.cache': 'a file' });
    expect(await runThere(folder, 'collect', 'parts')).toMatchObject({ code: 0, stderr: written });
  });

  test('makes no folder where Node is told to keep nothing', async () => {
    await using folder = await project();
    const variables = { NODE_DISABLE_COMPILE_CACHE: '1' };
    expect(await runWith(variables, folder, 'collect', 'parts')).toMatchObject({ code: 0 });
    expect(await readdir(join(folder.path, 'node_modules'))).toEqual(['arzamed-devkit']);
  });

  test('keeps it where Node is told to', async () => {
    await using folder = await project();
    const variables = { NODE_COMPILE_CACHE: join(folder.path, 'elsewhere') };
    expect(await runWith(variables, folder, 'collect', 'parts')).toMatchObject({ code: 0 });
    expect(await readdir(folder.path)).toContain('elsewhere');
    expect(await readdir(join(folder.path, 'node_modules'))).toEqual(['arzamed-devkit']);
  });

  test('keeps nothing for who only asks for help', async () => {
    await using folder = await project();
    expect(await runThere(folder, '--help')).toMatchObject({ code: 0 });
    expect(await readdir(join(folder.path, 'node_modules'))).toEqual(['arzamed-devkit']);
  });
});
