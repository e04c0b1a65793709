import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

const { status, stdout: version } = spawnSync('java', ['--version'], { encoding: 'utf8' });

/** Whether this machine has Java. */
export const hasJava = status === 0;

/** The virtual machine starts sooner if it optimizes less. */
export const startQuickly = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

const sources = ['HttpClientDoctors', 'HttpsUrlConnectionDoctors'].map((name) =>
  resolve(`test/clients/programs/${name}.java`),
);

/** The command that runs one of the Java programs, which are compiled once for each of their contents. */
export function javaProgram(name: string): string[] {
  return ['java', ...startQuickly, '-cp', hasJava ? compiled() : '', name];
}

function compiled(): string {
  const content = [version, ...sources.map((path) => readFileSync(path, 'utf8'))];
  const key = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  const parent = resolve('node_modules/.cache/arzamed-devkit-tests');
  const folder = `${parent}/java-${key}`;
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true });
  const made = mkdtempSync(`${parent}/making-`);
  execFileSync('javac', [...startQuickly.map((option) => `-J${option}`), '-d', made, ...sources], { stdio: 'pipe' });
  try {
    renameSync(made, folder);
  } catch {
    // Another worker has made it meanwhile.
    rmSync(made, { recursive: true });
  }
  return folder;
}
