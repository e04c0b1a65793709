import type { Mock } from '../mock/instances.ts';
import { messageOf, Problem } from '../util/errors.ts';

/** What goes on in a mock from its start. */
export interface Scenario {
  /** Faults, each as the control API takes them, in JSON. */
  fault?: readonly string[] | undefined;
  /** The time that its clock shows, as ISO 8601. */
  clock?: string | undefined;
}

/**
 * Sets a mock's clock and faults.
 * @throws Problem if the mock cannot do what is asked for.
 */
export async function setScenario(mock: Mock, { fault: faults = [], clock }: Scenario): Promise<void> {
  if (clock !== undefined) told('--clock', clock, () => mock.clock.set(new Date(clock)));
  if (faults.length === 0) return;
  const { checkRequest } = await import('../mock/control/check-request.ts');
  for (const fault of faults) {
    told('--fault', fault, () => mock.faults.add(checkRequest('addFault', {}, new URLSearchParams(), fault).body));
  }
}

function told(option: string, value: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    const example = option === '--clock' ? '2026-12-24T18:00:00Z' : '\'{"operationId":"…","status":503,"count":2}\'';
    throw new Problem(
      {
        code: 'option_invalid',
        what: `Invalid ${option}.`,
        facts: { found: value, reason: messageOf(error), example },
        remedy: 'Correct it; docs/faults.md and docs/control.md say what there is.',
      },
      { cause: error },
    );
  }
}
