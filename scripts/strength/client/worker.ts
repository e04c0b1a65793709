// A process that runs test files against the client with one mutant at a time. Its modules are read anew for each, so that
// what happens while a module is read is mutated too.
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { configureGlobal } from 'fast-check';
import { messageOf } from '../../../src/util/errors.ts';
import { newSuite, type Suite } from './jest-globals.ts';
import type { Begun, Ran, Run } from './protocol.ts';

const globals = new URL('jest-globals.ts', import.meta.url).href;
const stripped = new Map<string, string>();
let run: Run = { id: 0, mutant: undefined, fresh: [], files: [] };

// Property tests that draw other values each time would make the score a matter of luck.
configureGlobal({ seed: 1 });

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
    const found = next(specifier, context);
    return isFresh(found.url) ? { ...found, url: `${found.url.split('?', 1).join('')}?run=${run.id}` } : found;
  },
  load(url, context, next) {
    if (!isFresh(url)) return next(url, context);
    return { format: 'module', source: sourceOf(fileURLToPath(url.split('?', 1).join(''))), shortCircuit: true };
  },
});

/** Modules that are read again for each run. */
function isFresh(url: string): boolean {
  return run.fresh.some((folder) => url.startsWith(pathToFileURL(`${folder}/`).href));
}

function sourceOf(file: string): string {
  const { mutant } = run;
  if (mutant && pathToFileURL(mutant.file).href === pathToFileURL(file).href) {
    const text = readFileSync(file, 'utf8');
    return stripTypeScriptTypes(text.slice(0, mutant.start) + mutant.text + text.slice(mutant.end));
  }
  const known = stripped.get(file) ?? stripTypeScriptTypes(readFileSync(file, 'utf8'));
  stripped.set(file, known);
  return known;
}

/** The first test that fails. */
async function runAll({ id, files }: Run): Promise<Ran> {
  const times: Record<string, number> = {};
  for (const { file, patience } of files) {
    const begun: Begun = { begun: file };
    process.send?.(begun);
    const startedAt = performance.now();
    const failed = await runFile(file, patience);
    times[file] = performance.now() - startedAt;
    if (failed !== undefined) return { id, times, failed: { file, test: failed } };
  }
  return { id, times };
}

async function runFile(file: string, patience: number): Promise<string | undefined> {
  const suite = newSuite();
  try {
    await import(`${pathToFileURL(file).href}?run=${run.id}`);
    for (const hook of suite.before) await hook();
  } catch (error) {
    return `(reading the file) ${messageOf(error).split('\n', 1).join('')}`;
  }
  for (const { name, run: body } of suite.tests) {
    if (!(await passes(suite, body, patience))) return name;
  }
  for (const hook of suite.after) await hook();
  return undefined;
}

let rejected = false;
process.on('unhandledRejection', () => {
  rejected = true;
});
process.on('uncaughtException', () => {
  rejected = true;
});

async function passes(suite: Suite, body: () => unknown, patience: number): Promise<boolean> {
  rejected = false;
  const late = Symbol('late');
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, patience, late);
  });
  const work = async (): Promise<void> => {
    for (const hook of suite.beforeEach) await hook();
    try {
      await body();
    } finally {
      for (const hook of suite.afterEach) await hook();
    }
  };
  try {
    return (await Promise.race([work(), limit])) !== late && !rejected;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

process.on('message', (message: Run) => {
  run = message;
  void runAll(message).then((ran) => process.send?.(ran));
});
process.on('disconnect', () => process.exit());
