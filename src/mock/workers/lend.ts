import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Answered } from '../answered.ts';
import type { Sandbox } from '../sandbox.ts';

/**
 * Lends an answer to the worker that it goes to, if it goes to one. What the worker makes of it is recorded here.
 * @param milliseconds for which it would be the same, unless the mock is told anything.
 */
export function lend(sandbox: Sandbox, response: ServerResponse, answered: Answered, milliseconds: number): void {
  sandbox.front?.loans.lend(response, milliseconds, ({ began, ended, connection }) => {
    // Nobody has set the clock since, so it has run as the machine's.
    const toMockTime = sandbox.clock.now() - (performance.timeOrigin + performance.now());
    sandbox.record(
      { ...answered, milliseconds: ended - began },
      {
        began: began + toMockTime,
        ended: ended + toMockTime,
        ticks: { began: began - performance.timeOrigin, ended: ended - performance.timeOrigin },
        connection,
      },
    );
  });
}
