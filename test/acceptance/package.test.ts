// The packed tarball as a user installs it: its files, its dependencies, and that it works by itself.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run, type Ended } from '../support/command.ts';
import { compile } from '../support/compile.ts';
import { nodes } from '../support/nodes.ts';
import { isLong } from '../support/runs.ts';
import { installedProject, packed, packedProject, type Packed } from '../support/packed-project.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

let project: TemporaryFolder;
let pack: Packed;
beforeAll(async () => {
  pack = await packed();
  project = await installedProject();
}, 60_000);
afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

function inProject(command: string, ...args: string[]): Promise<Ended> {
  return run(command, args, { cwd: project.path });
}

/** Runs a module of the project. */
function runModule(text: string): Promise<Ended> {
  return inProject(process.execPath, '--input-type=module', '-e', text);
}

describe('the tarball', () => {
  test('holds what users need, and nothing else', () => {
    const names = pack.files.map(({ path }) => path.replace(/^(dist\/chunks\/).*-[A-Z0-9]{8}\.js$/, '$1*.js'));
    expect([...new Set(names)].filter((name) => !/\.d\.c?ts$/.test(name)).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'contracts/arzamed-devkit-arzamed-api.json',
      'contracts/arzamed-devkit-arzamed-token-endpoint.json',
      'dist/THIRD-PARTY-LICENCES.txt',
      'dist/chunks/*.js',
      'dist/chunks/faker.cjs',
      'dist/chunks/iconv-lite.cjs',
      'dist/cli/main.js',
      'dist/client/index.cjs',
      'dist/client/index.js',
      'dist/console/chunk.js',
      'dist/console/console.css',
      'dist/console/index.html',
      'dist/console/main.js',
      'dist/console/reference.js',
      'dist/control/index.js',
      'dist/mock/index.js',
      'dist/needs-node.js',
      'dist/outline.json',
      'dist/sbom.cdx.json',
      'dist/world.json',
      'docs/architecture.md',
      'docs/certify.md',
      'docs/ci.md',
      'docs/client.md',
      'docs/clinics.md',
      'docs/compared.md',
      'docs/console.md',
      'docs/console.png',
      'docs/consumer-tests.md',
      'docs/control.md',
      ...pack.files.map(({ path }) => path).filter((path) => path.startsWith('docs/decisions/')),
      'docs/diff.md',
      'docs/errors.md',
      ...pack.files
        .map(({ path }) => path)
        .filter((path) => path.startsWith('docs/examples/'))
        .toSorted(),
      'docs/exec.md',
      'docs/faults.md',
      'docs/findings.md',
      'docs/guarantees.md',
      'docs/limitations.md',
      'docs/provider-states.md',
      'docs/scale.md',
      'docs/strength.md',
      'docs/types.md',
      'docs/verification.md',
      'mocks/clinics/bianchi.yaml',
      'mocks/clinics/nuovo.yaml',
      'mocks/clinics/ricci.yaml',
      'mocks/clinics/san-giorgio.yaml',
      'mocks/clinics/senza-foto.yaml',
      'mocks/photos/portrait.jpg',
      'mocks/scenarios/key-revoked.yaml',
      'mocks/scenarios/rate-limit.yaml',
      'mocks/scenarios/slow-monday.yaml',
      'mocks/scenarios/token-service-down.yaml',
      'openapi/arzamed.yaml',
      'openapi/client-rules/2026-12.yaml',
      'openapi/control.yaml',
      'package.json',
      // `arzamed client` writes clients from these.
      ...pack.files.map(({ path }) => path).filter((path) => path.startsWith('src/client/')),
      'src/intercept/child/startup/arzamed.rb',
      'src/intercept/child/startup/node-preload.cjs',
      'src/intercept/child/startup/prepend.php',
      'src/intercept/child/startup/sitecustomize.py',
    ]);
  });

  test('has declarations of the clients, mock and types alone', () => {
    const folders = pack.files
      .map(({ path }) => /^dist\/(\w+)\/.*\.d\.ts$/.exec(path)?.[1])
      .filter((folder) => folder !== undefined);
    expect([...new Set(folders)].toSorted()).toEqual(['client', 'control', 'generated', 'mock', 'openapi', 'util']);
  });

  test('unpacks to at most six megabytes', () => {
    expect(pack.unpackedSize).toBeLessThan(6_000_000);
  });
});

describe('the tarball is clean by', () => {
  const bin = (name: string): string => join(process.cwd(), 'node_modules/.bin', name);

  test('publint', async () => {
    expect(await inProject(bin('publint'), '--strict', pack.tarball)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('All good!'),
    });
  });

  (isLong ? test : test.skip)('Are the Types Wrong, for modules', async () => {
    const files = ['--exclude-entrypoints', 'openapi.yaml', 'control.yaml'];
    const { code, stdout } = await inProject(bin('attw'), pack.tarball, '--profile', 'esm-only', ...files);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"arzamed-devkit/mock"') });
  });
});

describe('a program in CommonJS', () => {
  const typed = `
    import { createClient, isArzamedError, type Client, type ClientOptions } from 'arzamed-devkit';
    const options: ClientOptions = { tokenUrl: 'https://token.invalid/', clientId: 'a', clientSecret: 'b' };
    export const client: Client = createClient(options);
    // @ts-expect-error There is no such option.
    export const refused = (): unknown => createClient({ ...options, clientID: 'a' });
    export const codeOf = (error: unknown): string => (isArzamedError(error) ? error.code : '');`;
  const program = `
    const { createClient, isArzamedError } = require('arzamed-devkit');
    const options = { tokenUrl: 'https://token.invalid/', clientId: 'a', clientSecret: 'b' };
    const seen = [typeof createClient(options).listDoctors];
    try {
      createClient({ ...options, clientID: 'a' });
    } catch (error) {
      if (isArzamedError(error)) seen.push(error.code);
    }
    module.exports = seen;`;
  const tests = `
    const seen = require('./program.cjs');
    test('the client', () => expect(seen).toEqual(['function', 'invalid_option']));`;
  let common: TemporaryFolder;
  const inCommon = (command: string, ...args: string[]): Promise<Ended> => run(command, args, { cwd: common.path });
  beforeAll(async () => {
    const jest = { transform: {}, testMatch: ['**/*.test.cjs'] };
    common = await packedProject({
      'package.json': JSON.stringify({ jest }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'es2023',
          lib: ['es2023', 'esnext.disposable'],
          module: 'node16',
          types: ['node'],
          strict: true,
          noEmit: true,
        },
        include: ['*.cts'],
      }),
      'typed.cts': typed,
      'program.cjs': program,
      'client.test.cjs': tests,
    });
  }, 60_000);
  afterAll(async () => {
    await common[Symbol.asyncDispose]();
  });

  test('compiles with module node16', () => {
    expect(compile(common.path)).toBe('');
  });

  test.each([[['--no-experimental-require-module']], [[]]])('runs: node %j', async (flags) => {
    const show = 'console.log(JSON.stringify(require("./program.cjs")))';
    const ended = await inCommon(process.execPath, ...flags, '-e', show);
    expect(ended).toEqual({ code: 0, stdout: '["function","invalid_option"]\n', stderr: '' });
  });

  test('runs in Jest, which cannot require a module', async () => {
    const ended = await inCommon('node_modules/.bin/jest', '--runInBand');
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('1 passed') });
  });

  // ts-jest and much else still resolve as Node 10 did, which knows no `exports`.
  (isLong ? test : test.skip)('compiles with moduleResolution node10', async () => {
    const text = `import { createClient, type Client } from 'arzamed-devkit';
      import type { Mock } from 'arzamed-devkit/mock';
      import type { paths } from 'arzamed-devkit/types';
      export const client: Client = createClient({ tokenUrl: '', clientId: '', clientSecret: '' });
      export let mock: Mock; export let all: paths;`;
    await writeFile(join(common.path, 'old.ts'), text);
    const options =
      '--module commonjs --moduleResolution node10 --target es2023 --lib es2023,dom,esnext.disposable --types node --strict --noEmit';
    expect(await inCommon('node_modules/.bin/tsc', ...options.split(' '), 'old.ts')).toMatchObject({
      code: 0,
      stdout: '',
    });
  });
});

describe('a Node that is too old', () => {
  const old = nodes.find(({ version }) => Number.parseInt(version, 10) < 22)?.path ?? '';
  const sentence = /^arzamed-devkit needs Node 22\.12 or newer; this is Node \d+\.\d+\.\d+\.\n$/;

  (old ? test.each : test.skip.each)([
    ['arzamed', ['node_modules/arzamed-devkit/dist/cli/main.js', '--version']],
    ['import', ['--input-type=module', '-e', "import 'arzamed-devkit'"]],
    ['import of the mock', ['--input-type=module', '-e', "import 'arzamed-devkit/mock'"]],
    ['require', ['-e', "require('arzamed-devkit')"]],
  ])('says so in one sentence: %s', async (_name, args) => {
    const ended = await inProject(old, ...args);
    expect(ended).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
  });
});

describe('an installation', () => {
  test('adds one package', async () => {
    const names = (await readdir(join(project.path, 'node_modules'))).filter((name) => !name.startsWith('.'));
    expect(names).toEqual(['arzamed-devkit']);
  });

  test('runs no script', async () => {
    const manifest: unknown = JSON.parse(
      await readFile(join(project.path, 'node_modules/arzamed-devkit/package.json'), 'utf8'),
    );
    const { scripts }: { scripts: object } = { scripts: {}, ...Object(manifest) };
    expect(Object.keys(scripts)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$/)]));
  });

  test('gives the client by import and by require, as one and the same', async () => {
    const text = `
      import { createRequire } from 'node:module';
      import * as imported from 'arzamed-devkit';
      const required = createRequire(process.cwd() + '/x.js')('arzamed-devkit');
      console.log(typeof imported.createClient, required.createClient === imported.createClient);`;
    expect(await runModule(text)).toMatchObject({ code: 0, stdout: 'function true\n' });
  });

  // Other projects of these tests have a mock in Jest and from npx.
  (isLong ? test : test.skip)('gives the mock, which the client can call', async () => {
    const text = `
      import { createClient } from 'arzamed-devkit';
      import { startMock } from 'arzamed-devkit/mock';
      const mock = await startMock();
      const [{ tokenUrl, keys: [key] }] = mock.clinics;
      const client = createClient({ tokenUrl, ...key, baseUrl: mock.baseUrl });
      console.log((await client.listDoctors()).length);
      await mock.close();`;
    expect(await runModule(text)).toEqual({ code: 0, stdout: '3\n', stderr: '' });
  });

  test('gives the command line', async () => {
    const { version }: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await inProject('node_modules/.bin/arzamed', '--version')).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
    });
  });

  test('gives the specification and the contracts by name', async () => {
    const text = `
      import { existsSync } from 'node:fs';
      const names = ['openapi.yaml', 'control.yaml', 'contracts/arzamed-devkit-arzamed-api.json'];
      console.log(names.map((name) => existsSync(new URL(import.meta.resolve('arzamed-devkit/' + name)))).join());`;
    expect(await runModule(text)).toMatchObject({ code: 0, stdout: 'true,true,true\n' });
  });
});
