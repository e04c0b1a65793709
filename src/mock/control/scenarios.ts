import { messageOf, Problem } from '../../util/errors.ts';
import { fieldsOf, textAt } from '../../util/json.ts';
import { describeFault } from '../faults/faults.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { checkArgument } from './check-request.ts';
import { ControlError, notFound } from './control-error.ts';
import { act, type ControlStep } from './own-states.ts';
import type { NamedScenario } from './read-scenarios.ts';
import type { Handlers } from './router.ts';

/** A scenario as the control API shows it. */
export interface ShownScenario {
  name: string;
  about: string;
  running: boolean;
  steps: { after: number; does: string; done: boolean; problem?: string }[];
}

interface Running {
  scenario: NamedScenario;
  /** Milliseconds since 1970 on the mock's clock. */
  began: number;
  /** How many steps were carried out. */
  done: number;
  problems: Map<number, string>;
  faults: string[];
}

/** The named scenarios of a sandbox; one at a time runs. */
export class Scenarios {
  readonly #sandbox: Sandbox;
  readonly #read: () => Promise<readonly NamedScenario[]>;
  readonly #handlers: () => Handlers;
  #running: Running | undefined;

  /** @internal @param handlers carry out the steps. */
  constructor(sandbox: Sandbox, read: () => Promise<readonly NamedScenario[]>, handlers: () => Handlers) {
    this.#sandbox = sandbox;
    this.#read = read;
    this.#handlers = handlers;
  }

  /** All that can be started. @throws ControlError `invalid` if a file is invalid. */
  async list(): Promise<ShownScenario[]> {
    return (await this.#all()).map((scenario) => this.#show(scenario));
  }

  /** Starts a scenario, and stops the one that runs. @throws ControlError if there is no such scenario. */
  async start(name: string): Promise<ShownScenario> {
    this.#sandbox.mayChange();
    const scenario = await this.#find(name);
    this.begin(scenario);
    return this.#show(scenario);
  }

  /** Stops a scenario: its faults end, clock and keys stay. @throws ControlError if there is no such scenario. */
  async stop(name: string): Promise<ShownScenario> {
    this.#sandbox.mayChange();
    const scenario = await this.#find(name);
    if (this.#running?.scenario.name === name) this.#end();
    return this.#show(scenario);
  }

  /** @internal */
  begin(scenario: NamedScenario): void {
    this.#end();
    const { clock } = this.#sandbox;
    if (scenario.clock) clock.set(scenario.clock);
    this.#running = { scenario, began: clock.now(), done: 0, problems: new Map(), faults: [] };
    this.catchUp();
  }

  /** @internal Goes on with the scenario that ran before files changed. */
  takeOver(before: Scenarios): void {
    this.#running = before.#running;
  }

  /** @internal Whether the time of a step has come on the mock's clock. */
  get isDue(): boolean {
    const running = this.#running;
    const step = running?.scenario.steps[running.done];
    return (
      running !== undefined && step !== undefined && running.began + step.after * 1000 <= this.#sandbox.clock.now()
    );
  }

  /** @internal Carries out the steps whose time has come on the mock's clock; called before each request. */
  catchUp(): void {
    const running = this.#running;
    if (!running) return;
    const now = this.#sandbox.clock.now();
    for (;;) {
      const step = running.scenario.steps[running.done];
      const due = running.began + (step?.after ?? 0) * 1000;
      if (!step || due > now) return;
      running.done += 1;
      try {
        this.#carryOut(running, step.request, (now - due) / 1000);
      } catch (error) {
        running.problems.set(running.done - 1, messageOf(error));
      }
    }
  }

  /** @param late seconds since the step was due, which count for how long a fault lasts. */
  #carryOut({ faults }: Running, request: ControlStep, late: number): void {
    const body = fieldsOf(request.body === '' ? undefined : JSON.parse(request.body));
    const seconds = body?.['seconds'];
    const isTimed = request.operation === 'addFault' && typeof seconds === 'number';
    if (isTimed && seconds <= late) return;
    const timely = isTimed ? { ...request, body: JSON.stringify({ ...body, seconds: seconds - late }) } : request;
    const id = fieldsOf(act(this.#handlers(), timely))?.['id'];
    if (request.operation === 'addFault' && typeof id === 'string') faults.push(id);
  }

  #end(): void {
    for (const id of this.#running?.faults ?? []) this.#sandbox.faults.clear(id);
    this.#running = undefined;
  }

  #show({ name, about, steps }: NamedScenario): ShownScenario {
    const running = this.#running?.scenario.name === name ? this.#running : undefined;
    return {
      name,
      about,
      running: running !== undefined,
      steps: steps.map(({ after, request }, index) => {
        const problem = running?.problems.get(index);
        const done = index < (running?.done ?? 0);
        return { after, does: describeStep(request), done, ...(problem === undefined ? {} : { problem }) };
      }),
    };
  }

  async #find(name: string): Promise<NamedScenario> {
    const all = await this.#all();
    const found = all.find((each) => each.name === name);
    if (found) return found;
    throw notFound(
      'scenario',
      name,
      all.map((each) => each.name),
    );
  }

  async #all(): Promise<readonly NamedScenario[]> {
    try {
      return await this.#read();
    } catch (error) {
      throw error instanceof Problem ? new ControlError('invalid', error.message) : error;
    }
  }
}

function describeStep({ operation, path, body }: ControlStep): string {
  const fields = fieldsOf(body === '' ? undefined : JSON.parse(body)) ?? {};
  const clinic = textAt(fields, 'clinic');
  const whom = [...Object.values(path), ...(clinic === undefined ? [] : [clinic])];
  if (operation !== 'addFault') return [operation, ...whom].join(' ');
  return [
    `${textAt(fields, 'operationId') ?? 'each operation'}:`,
    describeFault(checkArgument('addFault', fields)),
    ...whom,
  ].join(' ');
}
