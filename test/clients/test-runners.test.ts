// The programs of docs/examples in their own test runners. Each starts a mock that inherits its stderr, so that a mock which
// it leaves behind keeps the test from ending. `npm run test:long` needs, on Debian, golang-go, junit5,
// libjackson2-databind-java, phpunit and python3-pytest-xdist for all of them; `npm run test:clients` has Vitest.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startMock } from '../../src/mock/index.ts';
import { arzamed, run } from '../support/command.ts';
import { hasJava, startQuickly } from '../support/java.ts';
import { packedProject } from '../support/packed-project.ts';
import { isLong, runs } from '../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { all } from './clients.ts';

interface Runner {
  name: string;
  /** Folder below docs/examples. Default: the name. */
  folder?: string;
  command: string[];
  /** Ends well where the runner is there. */
  needs: readonly string[];
  /** The file with the program under test, unless that is the client of this package. */
  program?: string;
  /** What it prints when all tests have passed. */
  passed: string;
  /** Whether `npm test` runs it too. */
  always?: boolean;
}

const isThere = ([command = '', ...args]: readonly string[]): boolean => spawnSync(command, args).status === 0;
const inLong = isLong || all;

const importing = (python: string, ...modules: string[]): string[] => [python, '-c', `import ${modules.join(', ')}`];
const pythonWith = (...modules: string[]): string =>
  ['python3', '/usr/bin/python3'].find((each) => isThere(importing(each, ...modules))) ?? 'python3';
const pytest = (...args: string[]): string[] => ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...args];
const [python, pythonWithXdist] = [pythonWith('pytest'), inLong ? pythonWith('pytest', 'xdist') : 'python3'];

const jars = (
  'junit-jupiter-api junit-jupiter-engine junit-platform-commons junit-platform-engine junit-platform-launcher ' +
  'junit-platform-console junit-platform-reporting opentest4j opentest4j-reporting-events apiguardian-api picocli ' +
  'jackson-core jackson-databind jackson-annotations'
)
  .split(' ')
  .map((name) => `/usr/share/java/${name}.jar`);
const classpath = ['out', ...jars].join(delimiter);
const compile = 'javac -J-XX:TieredStopAtLevel=1 -nowarn -d out -cp "$0" ArzamedMock.java Doctors*.java Sandbox.java';
const launch = `java ${startQuickly.join(' ')} -cp "$0" org.junit.platform.console.ConsoleLauncher`;
const options = '--scan-classpath out --include-engine junit-jupiter --disable-banner --details summary';

const vitest = resolve('test/clients/node_modules/vitest');

const runners: Runner[] = [
  {
    name: 'pytest',
    program: 'doctors.py',
    command: [python, ...pytest()],
    needs: importing(python, 'pytest'),
    passed: '3 passed',
    always: true,
  },
  {
    name: 'pytest with xdist',
    folder: 'pytest',
    program: 'doctors.py',
    command: [pythonWithXdist, ...pytest('-n', '2')],
    needs: importing(pythonWithXdist, 'pytest', 'xdist'),
    passed: '3 passed',
  },
  { name: 'jest', command: ['node_modules/.bin/jest'], needs: ['true'], passed: '3 passed' },
  {
    name: 'vitest',
    command: [process.execPath, join(vitest, 'vitest.mjs'), 'run'],
    needs: ['test', '-d', vitest],
    passed: '3 passed',
  },
  {
    name: 'go',
    program: 'doctors.go',
    command: ['go', 'test', '-count=1', '-v', './...'],
    needs: ['go', 'version'],
    passed: '\nPASS',
  },
  {
    name: 'phpunit',
    program: 'Doctors.php',
    command: ['phpunit', '--do-not-cache-result'],
    needs: ['phpunit', '--version'],
    passed: 'OK (3 tests, 6 assertions)',
  },
  {
    name: 'junit',
    program: 'Doctors.java',
    command: ['sh', '-ec', `${compile}; ${launch} ${options}`, classpath],
    needs: [hasJava && jars.every((jar) => existsSync(jar)) ? 'true' : 'false'],
    passed: '3 tests successful',
  },
];

/** A copy of the examples of a runner. */
async function copied(folder: string): Promise<TemporaryFolder> {
  const isNode = folder === 'jest' || folder === 'vitest';
  const project = isNode ? await packedProject({ 'package.json': '{}' }) : await temporaryFolder();
  await cp(join('docs/examples', folder), project.path, { recursive: true });
  if (folder === 'vitest') await symlink(vitest, join(project.path, 'node_modules/vitest'));
  return project;
}

/** Runs it where `arzamed` is a command, as after an installation. */
async function runIn(project: TemporaryFolder, { command }: Runner, variables = {}): Promise<Result> {
  await using bin = await temporaryFolder({
    arzamed: `#!/bin/sh\nexec "${process.execPath}" "${resolve(arzamed)}" "$@"\n`,
  });
  await chmod(join(bin.path, 'arzamed'), 0o755);
  const PATH = `${bin.path}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, NODE_OPTIONS: '', PATH, ...variables };
  const [name = '', ...args] = command;
  const { code, stdout, stderr } = await run(name, args, { cwd: project.path, env });
  return { code, printed: stdout + stderr };
}

interface Result {
  code: number | null;
  printed: string;
}

const passing = (printed: string) => ({ code: 0, printed: expect.stringContaining(printed) });

describe('the example for', () => {
  for (const runner of runners) {
    const { name, folder = name, needs, program, passed, always } = runner;
    const isTried = always === true || inLong;
    const there = isTried && isThere(needs);
    const skipped = isTried && !there ? ' (skipped: it is not installed)' : '';
    const inLongWhere = there && inLong ? test : test.skip;

    const tried = async (): Promise<void> => {
      await using project = await copied(folder);
      expect(await runIn(project, runner)).toEqual(passing(passed));
    };
    // It starts a mock for each of its tests.
    (there ? test : test.skip)(`${name} passes${skipped}`, tried, runs(60_000, 120_000));

    if (name === 'vitest') continue; // Its mock is in its own process.
    inLongWhere(`${name} takes a mock that is running, with a control token${skipped}`, async () => {
      await using mock = await startMock({ controlToken: 'not-a-secret' });
      await using project = await copied(folder);
      const variables = { ARZAMED_MOCK_URL: mock.url, ARZAMED_CONTROL_TOKEN: 'not-a-secret' };
      expect(await runIn(project, runner, variables)).toEqual(passing(passed));
      expect(mock.sandboxes.list()).toEqual([]);
    });

    if (program === undefined) continue;
    inLongWhere(`${name} fails a program for what the mock finds${skipped}`, async () => {
      await using project = await copied(folder);
      const path = join(project.path, program);
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace('/equipe/doctors', '/equipe/doctors?access_token=x'));
      const { code, printed } = await runIn(project, runner);
      expect({ code, printed }).toEqual({ code: expect.any(Number), printed: expect.stringContaining('query') });
      expect(code).not.toBe(0);
    });
  }
});
