import { certify, judge, type Result } from '../../src/certify/certify.ts';
import { checks } from '../../src/certify/checks.ts';
import type { Program } from '../../src/certify/program.ts';
import { readRequirements, type Requirement } from '../../src/certify/requirements.ts';
import { openStage, runScenario, type Setting } from '../../src/certify/run-scenario.ts';
import { scenarios } from '../../src/certify/scenarios.ts';
import { discover } from '../../src/intercept/hosts.ts';
import { readWorld } from '../../src/mock/clinics/world.ts';
import { makeSigningKey } from '../../src/mock/state/signing-keys.ts';

type Started = Pick<Program, 'command' | 'args'> & Partial<Program>;

const played = await readWorld({});
const discovery = await discover(played);
const signingKey = await makeSigningKey();
/** The newest set. */
export const set = await readRequirements(played.api.document);

function settingOf(program: Started): Setting {
  return {
    played,
    discovery,
    signingKey,
    program: { repeat: 1, ...program },
    clinic: 'ricci',
    patience: 5000,
    signal: new AbortController().signal,
  };
}

/** Certifies a program by all requirements. */
export async function certifyProgram(program: Started): Promise<Result[]> {
  const { results } = await certify({ ...settingOf(program), set, jobs: 2, onScenario: () => {} });
  return results;
}

/** A stage on which programs are judged by one requirement each, in the scenarios of that alone. */
export async function openJudge(): Promise<
  AsyncDisposable & { judge: (id: string, program: Started) => Promise<Result> }
> {
  const stage = await openStage(settingOf(right));
  const [first] = scenarios;
  if (!first) throw new Error('There is no scenario.');
  const { shown } = await runScenario(first, settingOf(right), stage);
  return {
    judge: async (id, program) => {
      const setting = settingOf(program);
      const evidences = new Map();
      for (const scenario of scenarios.filter((each) => checks[id]?.scenarios.includes(each.id))) {
        const isSpecial = scenario.lifetime !== undefined || scenario.untrusted;
        await using own = isSpecial ? await openStage(setting, scenario) : undefined;
        const { evidence } = await runScenario(scenario, setting, own ?? stage, scenario === first ? undefined : shown);
        evidences.set(scenario.id, evidence);
        if (judge(requirementOf(id), evidences, '').verdict === 'not met') break;
      }
      return judge(requirementOf(id), evidences, '');
    },
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

function requirementOf(id: string): Requirement {
  const requirement = set.requirements.find((each) => each.id === id);
  if (!requirement) throw new Error(`There is no requirement ${id}.`);
  return requirement;
}

const file = 'test/certify/programs/sync.mjs';

/** A program that meets all requirements. */
export const right: Started = { command: process.execPath, args: [file] };

/** The same, broken in one way. */
export function broken(id: string): Started {
  return { command: 'env', args: [`BROKEN=${id}`, process.execPath, file] };
}
