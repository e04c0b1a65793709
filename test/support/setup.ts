// All test files of a worker run in one Node, which loads a module once. The runner that does this knows neither
// '@jest/globals' nor time limits: both come from here.
import { registerHooks } from 'node:module';
import { addEventHandler } from 'jest-circus';
import { runs } from './runs.ts';

const globals =
  'export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } = globalThis;';

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === '@jest/globals'
      ? { url: `data:text/javascript,${encodeURIComponent(globals)}`, shortCircuit: true }
      : nextResolve(specifier, context),
});

addEventHandler((event, { currentDescribeBlock: { children, hooks } }) => {
  if (event.name !== 'add_test' && event.name !== 'add_hook') return;
  const added = event.name === 'add_test' ? children.at(-1) : hooks.at(-1);
  if (added === undefined || added.type === 'describeBlock') return;
  const { fn } = added;
  const milliseconds = event.timeout ?? runs(20_000, 120_000);
  added.fn = async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`Not done within ${milliseconds} ms.`)), milliseconds);
    });
    // A test that is not asynchronous may throw at once.
    try {
      await Promise.race([Reflect.apply(fn, undefined, []), late]);
    } finally {
      clearTimeout(timer);
    }
  };
});
