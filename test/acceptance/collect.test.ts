// docs/consumer-tests.md as a reader would follow it: test files in several Jest workers, then `arzamed collect`.
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { arzamed, run, type Ended } from '../support/command.ts';
import { arzamedIn } from '../support/in-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { textsIn } from '../docs/blocks.ts';

const [files, each] = [2, 2];
const contract = 'contracts/board-arzamed-api.json';

/** A test file that declares interactions of its own. */
function testFile(file: number): string {
  return `
    import { expect, test } from '@jest/globals';
    import { declare } from './interaction.ts';
    test.each(${JSON.stringify(Array.from({ length: each }, (_, index) => index))})('%i', async (index) => {
      const interaction = declare({
        uponReceiving: \`request \${index} of file ${file}\`,
        withRequest: { method: 'GET', path: '/things' },
        willRespondWith: { status: 200 },
      });
      await interaction.executeTest(async ({ url }) => {
        expect((await fetch(url + '/things')).status).toBe(200);
      });
    });`;
}

let project: TemporaryFolder;
beforeAll(async () => {
  const helper = textsIn('ts').find((text) => text.startsWith('// interaction.ts')) ?? '';
  const tests = Array.from({ length: files }, (_, file) => [`file${file}.test.ts`, testFile(file)]);
  const jest = { transform: {}, extensionsToTreatAsEsm: ['.ts'], testMatch: ['**/*.test.ts'] };
  project = await temporaryFolder({
    'package.json': JSON.stringify({ type: 'module', jest }),
    'interaction.ts': helper,
    ...Object.fromEntries(tests),
  });
  await symlink(resolve('node_modules'), join(project.path, 'node_modules'));
  const environment = ['NODE_OPTIONS=--experimental-vm-modules', 'PACT_DO_NOT_TRACK=true'];
  const command = [process.execPath, 'node_modules/jest/bin/jest.js', '--maxWorkers', '2'];
  const { code, stderr } = await run('env', [...environment, ...command], { cwd: project.path });
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(`${files * each} passed`) });
}, 120_000);
afterAll(async () => {
  await project[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await rm(join(project.path, 'contracts'), { recursive: true, force: true });
});

function collect(...args: string[]): Promise<Ended> {
  return arzamedIn(project.path, 'collect', 'pact-parts', ...args);
}

describe('arzamed collect', () => {
  test('has every interaction of all workers', async () => {
    const command = [resolve(arzamed), 'collect', 'pact-parts'];
    const { code, stderr } = await run(process.execPath, command, { cwd: project.path });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `contracts: ${files * each} interactions in 1 contracts, of ${files * each} declared.\n`,
    });
    const { interactions }: { interactions: { description: string }[] } = JSON.parse(
      await readFile(join(project.path, contract), 'utf8'),
    );
    expect(new Set(interactions.map(({ description }) => description)).size).toBe(files * each);
  });

  test('writes nothing where one got lost, and names it with its test', async () => {
    const parts = join(project.path, 'pact-parts');
    const [lost = ''] = await readdir(parts);
    const file = join(parts, lost, 'board-arzamed-api.json');
    const text = await readFile(file, 'utf8');
    await rm(file);
    const { code, stderr } = await collect();
    await writeFile(file, text);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^The interaction "request \d of file \d" was declared by .*file\d\.test\.ts: \d, and no contract was written\.\n1 of \d+ /,
    );
    expect(await readdir(project.path)).not.toContain('contracts');
  });

  test('--check ends with 1 where a contract is missing, other or superfluous, and with 0 once they are written', async () => {
    expect(await collect('--check')).toMatchObject({ code: 1, stderr: expect.stringContaining(contract) });
    await collect();
    expect(await collect('--check')).toMatchObject({ code: 0, stderr: '' });
    const theirs = join(project.path, 'contracts/board-other.json');
    const text = await readFile(join(project.path, contract), 'utf8');
    await writeFile(theirs, text.replace('"arzamed-api"', '"other"'));
    expect(await collect('--check')).toMatchObject({ code: 1, stderr: expect.stringContaining('board-other.json') });
    await collect();
    expect(await readdir(join(project.path, 'contracts'))).toEqual(['board-arzamed-api.json']);
  });

  test("leaves other consumers' contracts and other files alone", async () => {
    await collect();
    const folder = join(project.path, 'contracts');
    const text = await readFile(join(project.path, contract), 'utf8');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'app-arzamed-api.json'), text.replace('"board"', '"app"'));
    await writeFile(join(folder, 'settings.json'), '{}');
    await collect();
    expect((await readdir(folder)).toSorted()).toEqual([
      'app-arzamed-api.json',
      'board-arzamed-api.json',
      'settings.json',
    ]);
  });

  test('ends with 2 and a sentence where no test has run', async () => {
    const { code, stderr } = await arzamedIn(project.path, 'collect', 'none');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^arzamed: none: No test has declared an interaction here\./);
  });
});
