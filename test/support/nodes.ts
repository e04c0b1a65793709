import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

/**
 * Each Node that unmodified programs are tried with: this one, those of the machine, and those that TEST_NODES names, as
 * paths separated as in PATH.
 */
export const nodes: { path: string; version: string }[] = [
  process.execPath,
  '/usr/bin/node',
  '/usr/local/bin/node',
  ...(process.env['TEST_NODES'] ?? '').split(delimiter).filter((path) => path !== ''),
].flatMap((path) => {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 ? [{ path, version: stdout.trim().replace(/^v/, '') }] : [];
});
