// `npm run test:supported`: the packed tarball on every Node and with every TypeScript that it promises to support. Each
// comes from npm, so this needs a network and is no part of `npm test`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldsOf } from '../src/util/json.ts';
import { compilerSettings } from './compiler-settings.ts';
import { main } from './main.ts';

const nodes = ['22.12.0', '24.21.0', '26.10.0'];
const compilers = ['5.9.3', '6', '7'];

const smoke = `
  import { createRequire } from 'node:module';
  import { createClient } from 'arzamed-devkit';
  import { startMock } from 'arzamed-devkit/mock';
  const required = createRequire(process.cwd() + '/x.js')('arzamed-devkit');
  const mock = await startMock();
  const [{ tokenUrl, keys: [key] }] = mock.clinics;
  const client = createClient({ tokenUrl, ...key, baseUrl: mock.baseUrl });
  const doctors = await client.listDoctors();
  if (mock.journal.count({ status: 200 }) !== 2) throw new Error('The journal lags behind.');
  await mock.close();
  if (doctors.length !== 3 || required.createClient !== createClient) throw new Error('It does not work.');
`;

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'arzamed-supported-'));
  const inFolder = (command: string, ...args: string[]): string =>
    execFileSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
  const install = (...names: string[]): string =>
    inFolder('npm', 'install', '--no-audit', '--no-fund', '--no-save', ...names);
  let failed = 0;
  const report = (what: string, act: () => void): void => {
    try {
      act();
      process.stdout.write(`ok      ${what}\n`);
    } catch (error) {
      failed += 1;
      const { stdout = '', stderr = '' } = fieldsOf(error) ?? {};
      process.stdout.write(`failed  ${what}\n${String(stdout)}${String(stderr)}${String(error)}\n`);
    }
  };
  try {
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { stdio: 'ignore' });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'smoke.js'), smoke);
    cpSync('test-d', join(folder, 'test-d'), { recursive: true });
    for (const version of nodes) {
      report(`Node ${version}`, () => {
        install(`./${tarball}`, `node@${version}`);
        const node = join('node_modules', '.bin', 'node');
        inFolder(node, 'smoke.js');
        const command = join('node_modules', 'arzamed-devkit', 'dist', 'cli', 'main.js');
        inFolder(node, command, 'exec', '--', 'node', '--version');
        const request = "fetch(process.env.ARZAMED_BASE_URL + '/equipe/doctors').then(() => process.exit(1))";
        inFolder(node, command, 'certify', '--only', 'secret-not-printed', '--', 'node', '-e', request);
      });
    }
    for (const version of compilers) {
      report(`TypeScript ${version}`, () => {
        install(`./${tarball}`, `typescript@${version}`, '@types/node@22');
        for (const settings of compilerSettings) inFolder(join('node_modules', '.bin', 'tsc'), ...settings);
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return failed > 0 ? 1 : 0;
});
