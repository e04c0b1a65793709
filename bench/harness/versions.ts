import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './environment.ts';

interface Manifest {
  name: string;
  version: string;
  bin?: string | Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const peers = join(root, 'bench/node_modules');

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The file that a command of a peer's package runs. */
export function packageCommand(name: string, command: string): string {
  const { bin } = readManifest(join(peers, name));
  const file = typeof bin === 'string' ? bin : bin?.[command];
  if (file === undefined) throw new Error(`${name} has no command ${command}.`);
  return join(peers, name, file);
}

/** What is measured, and what only the measuring needs. */
const { dependencies: wanted = {}, devDependencies: needed = {} } = readManifest(join(root, 'bench'));

/** Whether all is there in the version that bench/package.json names. */
export function areInstalled(): boolean {
  return Object.entries({ ...wanted, ...needed }).every(([name, version]) => {
    const folder = join(peers, name);
    return existsSync(folder) && readManifest(folder).version === version;
  });
}

/** Name to version of this project, of Node, and of all that it is measured beside. */
export function versions(): Record<string, string> {
  const own = readManifest(root);
  return { [own.name]: own.version, node: process.versions.node, ...wanted };
}

/** What the figures were measured on. */
export interface Machine {
  processor: string;
  cores: number;
  /** In GiB. */
  memory: number;
  system: string;
  /** How many processes of others wanted to run in the minute before, on average. */
  load?: number;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 1024 ** 3),
    system: `${process.platform} ${release()}, ${process.arch}`,
    load: loadavg()[0] ?? 0,
  };
}
