import type { Fault } from '../faults/fault.ts';
import type { SetFault } from '../faults/faults.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { checkFault } from './check-fault.ts';
import { notFound } from './not-found.ts';

/** What goes wrong. */
export class FaultControls {
  readonly #sandbox: Sandbox;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * Lets something go wrong from now on.
   * @throws ControlError if there is no such operation, clinic or example, if nothing would go wrong, or if no answer can
   * have the headers or the body.
   */
  add(fault: Fault): SetFault {
    checkFault(fault, this.#sandbox);
    return this.#sandbox.faults.add(fault);
  }

  /** The faults that may still strike, each with the count that is left. */
  list(): SetFault[] {
    return this.#sandbox.faults.list();
  }

  /** Takes one fault back, or all. @throws ControlError if there is none of the id. */
  clear(id?: string): void {
    if (this.#sandbox.faults.clear(id) || id === undefined) return;
    throw notFound(
      'fault',
      id,
      this.list().map((fault) => fault.id),
    );
  }
}
