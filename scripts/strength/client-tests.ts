// All tests of the client as one test file, for Stryker: Jest then loads the client once for each mutant instead of once
// for each test file, which takes a sixth of the time.
import { readdir } from 'node:fs/promises';
import { configureGlobal } from 'fast-check';

/** They measure the bundle, which Stryker's own code inflates, or start servers and change the working folder. */
const leftOut = new Set(['size.test.ts', 'against-the-mock.test.ts', 'frameworks.test.ts', 'generated.test.ts']);

// Property tests that draw other values each time would make the score a matter of luck.
configureGlobal({ seed: 1 });

const folder = new URL('../../test/client/', import.meta.url);
for (const name of (await readdir(folder)).toSorted()) {
  if (name.endsWith('.test.ts') && !leftOut.has(name)) await import(new URL(name, folder).href);
}
