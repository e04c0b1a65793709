import { TestEnvironment } from 'jest-environment-node';

/** What Jest tells an environment, as far as it is needed here. */
interface TestEvent {
  name: string;
  test?: { mode?: unknown };
}

/** The first test that fails kills a mutant: the rest is skipped, which Jest does not do within a test file. */
export default class UntilFirstFailure extends TestEnvironment {
  #failed = false;

  handleTestEvent({ name, test }: TestEvent): void {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#failed = true;
    if (name === 'test_start' && test && this.#failed) test.mode = 'skip';
  }
}
