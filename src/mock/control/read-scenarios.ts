import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, Problem } from '../../util/errors.ts';
import { displayPath, readRegular } from '../../util/files.ts';
import { fieldsOf, isList } from '../../util/json.ts';
import { readInstant } from '../state/clock.ts';
import { checkArgument } from './check-request.ts';
import { readRequest, type ControlStep } from './own-states.ts';

/** A named course of events, as its file has it. */
export interface NamedScenario {
  name: string;
  about: string;
  /** What the clock is set to at its start. */
  clock: Date | undefined;
  steps: { /** Seconds after its start. */ after: number; request: ControlStep }[];
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
  const text = await readRegular(path).catch((cause: unknown) => {
    throw invalid(file, messageOf(cause));
  });
  const yaml = attempted(() => parseYamlFile(file, text));
  const { about, clock, steps, ...others } = fieldsOf(yaml.value) ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(yaml.locate([unknown]), `${unknown} is none of about, clock and steps.`);
  if (typeof about !== 'string') throw invalid(file, 'It has no about: a sentence that says what happens.');
  if (!isList(steps)) throw invalid(yaml.locate(['steps']), 'It has no steps: a list of requests of the control API.');
  const at = clock === undefined ? undefined : readInstant(typeof clock === 'string' ? clock : '');
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
  if (request.operation.endsWith('Clock'))
    throw new Error('The steps follow the clock; only `clock` sets it, at the start.');
  return { after: ((days * 24 + hours) * 60 + minutes) * 60 + seconds + milliseconds / 1000, request };
}

function invalid(where: string, reason: string): Problem {
  const remedy = 'Correct the file; docs/faults.md describes it.';
  return new Problem({ code: 'scenario_invalid', what: 'Invalid scenario.', where, facts: { reason }, remedy });
}
