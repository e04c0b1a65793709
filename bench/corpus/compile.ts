import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arzamed, environment } from '../harness/environment.ts';

/** The commands that write TypeScript from a document. One more is one line more. */
export const writers: Record<string, (file: string, folder: string) => string[]> = {
  types: (file, folder) => ['types', '--spec', file, '--out', join(folder, 'types.ts')],
  client: (file, folder) => ['client', '--spec', file, '--out', folder],
};

interface Ended {
  code: number;
  printed: string;
}

/** Writes what a command makes of a document into a folder. */
export async function write(writer: string, file: string, folder: string): Promise<Ended> {
  await mkdir(folder, { recursive: true });
  return run([arzamed, ...(writers[writer]?.(file, folder) ?? [])], 60_000);
}

const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));

/**
 * Compiles folders of `root` as one program.
 * @returns folder to its first error, of those that have one.
 */
export async function compile(root: string, folders: readonly string[]): Promise<Map<string, string>> {
  const options = ['--strict', '--target', 'esnext', '--module', 'nodenext', '--moduleDetection', 'force'];
  const files: string[] = [];
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true });
    files.push(...names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name)));
  }
  const { code, printed } = await run([tsc, '--noEmit', ...options, '--pretty', 'false', ...files], 600_000, root);
  const faults = new Map<string, string>();
  for (const [, folder = '', fault = ''] of printed.matchAll(/^([^\s/\\]+)[/\\].*?\(\d+,\d+\): error (.*)$/gm)) {
    if (!faults.has(folder)) faults.set(folder, fault.slice(0, 300));
  }
  // Out of memory, or out of time: nothing is known of any of them.
  if (code !== 0 && faults.size === 0) for (const folder of folders) faults.set(folder, `tsc ended with ${code}`);
  return faults;
}

/** Runs Node to its end, or to the end of patience, in milliseconds: then the code is -1. */
export function run(args: readonly string[], patience: number, cwd?: string): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { timeout: patience, killSignal: 'SIGKILL', env: environment, maxBuffer: 2 ** 28, cwd } as const;
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, printed: stdout + stderr });
    });
  });
}
