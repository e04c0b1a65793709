import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, Problem } from '../../util/errors.ts';
import { displayPath } from '../../util/files.ts';
import { fieldsOf, isList } from '../../util/json.ts';
import { describeFault } from '../faults/faults.ts';
import { readInstant } from '../state/clock.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { checkArgument } from './check-request.ts';
import { ControlError, notFound } from './control-error.ts';
import { act, readRequest, type ControlStep } from './own-states.ts';
import type { Handlers } from './router.ts';

/** A named course of events, as its file has it. */
export interface NamedScenario {
  name: string;
  about: string;
  /** What the clock is set to at its start. */
  clock: Date | undefined;
  steps: { /** Seconds after its start. */ after: number; request: ControlStep }[];
}

/** A scenario as the control API shows it. */
export interface ShownScenario {
  name: string;
  about: string;
  running: boolean;
  steps: { after: number; does: string; done: boolean; problem?: string }[];
}

/**
 * Reads the scenarios of a folder, a YAML file each: `about`, perhaps `clock`, and `steps`, each a request of the control
 * API as in provider states, perhaps `after` a duration.
 * @throws Problem with file and line if one is invalid.
 */
export async function readScenarios(folder: string): Promise<NamedScenario[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw invalid(displayPath(folder), messageOf(cause));
  });
  const files = names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
  return Promise.all(files.map((name) => readScenario(join(folder, name))));
}

async function readScenario(path: string): Promise<NamedScenario> {
  const { parseYamlFile } = await import('../../util/yaml-file.ts');
  const file = displayPath(path);
  const attempted = <Value>(read: () => Value, where = (): string => file): Value => {
    try {
      return read();
    } catch (cause) {
      throw invalid(where(), messageOf(cause));
    }
  };
  const text = await readFile(path, 'utf8');
  const yaml = attempted(() => parseYamlFile(file, text));
  const { about, clock, steps, ...others } = fieldsOf(yaml.value) ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(yaml.locate([unknown]), `${unknown} is none of about, clock and steps.`);
  if (typeof about !== 'string') throw invalid(file, 'It has no about: a sentence that says what happens.');
  if (!isList(steps)) throw invalid(yaml.locate(['steps']), 'It has no steps: a list of requests of the control API.');
  const at = clock === undefined ? undefined : readInstant(String(clock));
  if (at && Number.isNaN(at.getTime())) throw invalid(yaml.locate(['clock']), 'clock is no date and time of RFC 3339.');
  const read = steps.map((step, index) =>
    attempted(
      () => readStep(step),
      () => yaml.locate(['steps', index]),
    ),
  );
  const name = basename(path).replace(/\.ya?ml$/, '');
  return { name, about, clock: at, steps: read.toSorted((a, b) => a.after - b.after) };
}

function readStep(given: unknown): NamedScenario['steps'][number] {
  const { after, ...step } = fieldsOf(given) ?? {};
  const {
    days = 0,
    hours = 0,
    minutes = 0,
    seconds = 0,
    milliseconds = 0,
  } = after === undefined ? {} : checkArgument('advanceClock', after);
  const request = readRequest(step);
  if (/Clock$/.test(request.operation))
    throw new Error('The steps follow the clock; only `clock` sets it, at the start.');
  return { after: ((days * 24 + hours) * 60 + minutes) * 60 + seconds + milliseconds / 1000, request };
}

function invalid(where: string, reason: string): Problem {
  const remedy = 'Correct the file; docs/faults.md describes it.';
  return new Problem({ code: 'scenario_invalid', what: 'Invalid scenario.', where, facts: { reason }, remedy });
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

/** The named scenarios of a sandbox, of which one runs at a time. */
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
    const scenario = await this.#find(name);
    this.begin(scenario);
    return this.#show(scenario);
  }

  /** Stops a scenario: its faults end, clock and keys stay. @throws ControlError if there is no such scenario. */
  async stop(name: string): Promise<ShownScenario> {
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
  const { operationId = 'each operation', clinic } = fields;
  const whom = Object.values(path).concat(clinic === undefined ? [] : [String(clinic)]);
  if (operation !== 'addFault') return [operation, ...whom].join(' ');
  return [`${String(operationId)}:`, describeFault(checkArgument('addFault', fields)), ...whom].join(' ');
}
