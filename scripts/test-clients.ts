// `npm run test:clients`: each client of docs/exec.md below `arzamed exec`. What comes from npm is installed for this run
// alone; what the machine lacks is skipped by name.
import { spawnSync } from 'node:child_process';

const run = (command: string, ...args: string[]): number => spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;

process.env['TEST_CLIENTS'] = 'true';
process.exitCode =
  run('npm', 'ci', '--prefix', 'test/clients', '--no-audit', '--no-fund') ||
  run('npm', 'run', '--silent', 'test:jest', '--', 'test/clients', ...process.argv.slice(2));
