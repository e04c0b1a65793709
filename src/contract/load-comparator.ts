import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageFile } from '../spec/package-file.ts';
import { Problem } from '../spec/problem.ts';
import { messageOf } from '../spec/thrown.ts';

/** What is used of @pactflow/openapi-pact-comparator, whose own types lead to packages that are not installed. */
export type ComparatorClass = new (options: { oas: object }) => { compare: (pact: unknown) => AsyncIterable<unknown> };

const name = '@pactflow/openapi-pact-comparator';
const command = `npm install --save-dev ${name}@2.3.1`;

/**
 * Loads the comparator from where the user's project has it, else from beside this package.
 * @param places files, real or not, beside which it may be installed, the first one first.
 * @throws Problem with the command that installs it.
 */
export function loadComparator(places: readonly string[] = [join(process.cwd(), 'any.js'), packageFile('any.js')]): {
  Comparator: ComparatorClass;
} {
  let reason = 'it has no Comparator';
  for (const place of places) {
    try {
      const loaded: unknown = createRequire(place)(name);
      if (hasComparator(loaded)) return loaded;
    } catch (error) {
      reason = messageOf(error).split('\n')[0] ?? '';
    }
  }
  throw new Problem({
    code: 'comparator_missing',
    what: `The second opinion cannot be had without ${name}.`,
    facts: { reason },
    remedy: `Run \`${command}\`.`,
  });
}

function hasComparator(loaded: unknown): loaded is { Comparator: ComparatorClass } {
  return (
    typeof loaded === 'object' && loaded !== null && 'Comparator' in loaded && typeof loaded.Comparator === 'function'
  );
}
