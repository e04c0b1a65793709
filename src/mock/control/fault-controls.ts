import type { Fault } from '../faults/fault.ts';
import type { SetFault } from '../faults/faults.ts';
import type { Sandbox } from '../sandbox.ts';
import { checkHeaders, checkJson } from './check-values.ts';
import { ControlError } from './control-error.ts';

/** What goes wrong. */
export class FaultControls {
  readonly #sandbox: Sandbox;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * Lets something go wrong from now on.
   * @throws ControlError if there is no such operation or clinic, or no answer can have the headers or the body.
   */
  add(fault: Fault): SetFault {
    const { api, fixtures, faults } = this.#sandbox;
    const { operationId, clinic } = fault;
    if (operationId !== undefined && !api.operations.some(({ id }) => id === operationId)) {
      const known = api.operations.map(({ id }) => id).join(', ');
      throw new ControlError('not_found', `There is no operation ${operationId}, only ${known}.`);
    }
    if (clinic !== undefined && !fixtures.clinic(clinic)) {
      throw new ControlError('not_found', `There is no clinic ${clinic}.`);
    }
    checkHeaders(fault.headers ?? {});
    checkJson(fault.body);
    return faults.add(fault);
  }

  /** The faults that may still strike, each with the count that is left. */
  list(): SetFault[] {
    return this.#sandbox.faults.list();
  }

  /** Takes one fault back, or all. @throws ControlError if there is none of the id. */
  clear(id?: string): void {
    if (!this.#sandbox.faults.clear(id)) throw new ControlError('not_found', `There is no fault ${id}.`);
  }
}
