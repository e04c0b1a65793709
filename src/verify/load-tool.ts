import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageFile } from '../util/files.ts';
import { messageOf } from '../util/errors.ts';

/** A tool of the user's project, or why it is not there and how it is installed, as a sentence. */
export type Loaded<T> = { tool: T } | { missing: string };

/**
 * Loads a tool that is no part of this package from where the user's project has it, else from beside this package.
 * @param isTool whether what was loaded is what is needed.
 * @param places files, real or not, beside which it may be installed, the first one first.
 */
export function loadTool<T>(
  { name, version }: { name: string; version: string },
  isTool: (loaded: unknown) => loaded is T,
  places: readonly string[] = [join(process.cwd(), 'any.js'), packageFile('any.js')],
): Loaded<T> {
  let reason = 'it is not what it should be';
  for (const place of places) {
    try {
      const tool: unknown = createRequire(place)(name);
      if (isTool(tool)) return { tool };
    } catch (error) {
      reason = messageOf(error).split('\n')[0] ?? '';
    }
  }
  const command = `npm install --save-dev ${name}@${version}`;
  return { missing: `${name} could not be loaded (${reason}). Run \`${command}\`.` };
}

/** Whether a package gives a function or class of each of these names. */
export function gives(loaded: unknown, ...names: readonly string[]): boolean {
  const given: Partial<Record<string, unknown>> = Object(loaded);
  return names.every((name) => typeof given[name] === 'function');
}
