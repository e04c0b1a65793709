import type { Mock } from '../mock/instances.ts';
import { messageOf, Problem } from '../util/errors.ts';

export interface Scenario {
  /** Faults as JSON, each in the format of the control API. */
  fault?: readonly string[] | undefined;
  /** Initial time of the mock's clock, as ISO 8601. */
  clock?: string | undefined;
}

/** @throws Problem if the clock or a fault is invalid. */
export async function setScenario(mock: Mock, { fault: faults = [], clock }: Scenario): Promise<void> {
  if (clock !== undefined) {
    apply('--clock', clock, '2026-12-24T18:00:00Z', () => mock.clock.set(new Date(clock)));
  }
  if (faults.length === 0) return;
  const { checkRequest } = await import('../mock/control/check-request.ts');
  for (const fault of faults) {
    const add = (): unknown => mock.faults.add(checkRequest('addFault', {}, new URLSearchParams(), fault).body);
    apply('--fault', fault, '\'{"operationId":"…","status":503,"count":2}\'', add);
  }
}

function apply(option: string, found: string, example: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    const facts = { found, reason: messageOf(error), example };
    const remedy = 'Correct it: see docs/faults.md and docs/control.md.';
    throw new Problem({ code: 'option_invalid', what: `Invalid ${option}.`, facts, remedy }, { cause: error });
  }
}
