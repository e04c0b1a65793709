// What the tests import as `@jest/globals` while mutants are played: the same words, without Jest, whose start for each
// mutant would take longer than the tests.
import { expect } from 'expect';

export interface Test {
  name: string;
  run: () => unknown;
}

type Hook = () => unknown;

/** What the test file that is being read says. */
export class Suite {
  readonly tests: Test[] = [];
  readonly before: Hook[] = [];
  readonly after: Hook[] = [];
  readonly beforeEach: Hook[] = [];
  readonly afterEach: Hook[] = [];
}

let suite = new Suite();
let path: string[] = [];

/** Begins a new file, and gives what will stand in it once it has been read. */
export function newSuite(): Suite {
  suite = new Suite();
  path = [];
  return suite;
}

function addTest(name: string, run: () => unknown): void {
  suite.tests.push({ name: [...path, name].join(' › '), run });
}

function addGroup(name: string, read: () => void): void {
  path.push(name);
  read();
  path.pop();
}

type Body = (...row: unknown[]) => unknown;

/** One for each row of a table; a row that is no list is one value. */
function each(add: (name: string, run: () => unknown) => void) {
  return (table: readonly unknown[]) =>
    (name: string, body: Body): void => {
      for (const [index, entry] of table.entries()) {
        const row: unknown[] = Array.isArray(entry) ? entry : [entry];
        add(`${name} [${index}]`, () => body(...row));
      }
    };
}

export const test = Object.assign(addTest, { each: each(addTest) });
export const it = test;
export const describe = Object.assign(addGroup, { each: each((name, run) => addGroup(name, () => void run())) });
export const beforeAll = (hook: Hook): void => void suite.before.push(hook);
export const afterAll = (hook: Hook): void => void suite.after.push(hook);
export const beforeEach = (hook: Hook): void => void suite.beforeEach.push(hook);
export const afterEach = (hook: Hook): void => void suite.afterEach.push(hook);
export { expect };
