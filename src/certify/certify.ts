import type { OpenApiDocument } from '../openapi/document.ts';
import { sha256 } from '../openapi/load/files.ts';
import { messageOf, Problem } from '../util/errors.ts';
import { checks, type Judgement } from './checks.ts';
import { succeeded, type Evidence } from './evidence.ts';
import type { ClientRequirement, RequirementSet } from '../mock/findings/requirements.ts';
import { cannotShow, openStage, runScenario, type Setting, type Stage, type Usual } from './run-scenario.ts';
import { scenarios, type CertifyScenario } from './scenarios.ts';

/** A line of a scenario's journal, without secrets and tokens. */
interface Line {
  time: string;
  method: string;
  path: string;
  status: number | undefined;
  reason?: string | undefined;
}

/** What is said of a requirement. */
export interface RequirementResult {
  requirement: ClientRequirement;
  /** `harness error` is ours, and says nothing of the program. */
  verdict: Judgement['verdict'] | 'harness error';
  /** Whether it is listed as expected: `accepted` if it is not met, `stale` if it is. */
  expected?: 'accepted' | 'stale';
  /** One sentence: what was seen, or what would show it. */
  happened: string;
  /** The scenario that shows it, and what the service does in it. */
  scenario: string;
  about: string;
  lines: Line[];
}

export interface Certification {
  /** The name of the program and of its file, without other arguments, which may contain a secret. */
  program: string;
  /** ISO 8601. */
  date: string;
  version: string;
  /** The title of the document. */
  api: string;
  /** SHA-256 of the document and of the requirements, in hexadecimal. */
  specification: string;
  requirements: { date: string; sha256: string };
  milliseconds: number;
  results: RequirementResult[];
  /** Scenarios that were not run, since the run was interrupted. */
  interrupted: boolean;
  /** What no machine can see. */
  questions: string[];
}

/** Asked of a person, since no machine can see it. */
const questions = [
  'Where is the secret kept, and who can read it?',
  'Who replaces the key when it expires or leaks, and how long does that take?',
  'Who is told when the program fails, and by what?',
  'How old may the data be that are shown, and what is shown when they are older?',
];

interface Options extends Setting {
  set: RequirementSet;
  /** How many scenarios run at once. */
  jobs: number;
  /** Told before each scenario. */
  onScenario: (scenario: CertifyScenario, number: number, of: number) => void;
}

/**
 * Runs the program in each scenario that the requirements need, and judges it.
 * @throws Problem if the program cannot be started.
 */
export async function certify(options: Options): Promise<Pick<Certification, 'results' | 'interrupted'>> {
  const { set, jobs, signal, onScenario } = options;
  const wanted = new Set(['usual', ...set.requirements.flatMap(({ id }) => checks[id]?.scenarios ?? [])]);
  const [first, ...others] = scenarios.filter(({ id }) => wanted.has(id));
  if (!first) return { results: [], interrupted: false };
  const total = others.length + 1;
  await using stage = await openStage(options);
  onScenario(first, 1, total);
  const { evidence, shown } = await runScenario(first, options, stage);
  const usual = succeeded(evidence) ? shown : undefined;
  // What was ended by an interruption shows nothing.
  const all = signal.aborted ? [] : [evidence];
  const waiting = [...others.entries()];
  const work = async (own: Stage, known: Usual): Promise<void> => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const [index, scenario] = next;
      onScenario(scenario, index + 2, total);
      const seen = await attempt(scenario, options, own, known);
      if (!signal.aborted) all.push(seen);
    }
  };
  if (usual) {
    const workOnOwnStage = async (): Promise<void> => {
      await using own = await openStage(options);
      await work(own, usual);
    };
    const more = Math.max(0, Math.min(jobs, others.length) - 1);
    await Promise.all([work(stage, usual), ...Array.from({ length: more }, workOnOwnStage)]);
  }
  const evidences = new Map(all.map((each) => [each.scenario, each]));
  const missing = signal.aborted
    ? 'The run was interrupted.'
    : 'Not run, since the program fails while nothing unusual happens.';
  return {
    results: set.requirements.map((requirement) => judge(requirement, evidences, missing)),
    interrupted: signal.aborted,
  };
}

async function attempt(scenario: CertifyScenario, setting: Setting, stage: Stage, usual: Usual): Promise<Evidence> {
  const nothing = { target: '', tokenOperations: [], entries: [], findings: [], ended: [], elsewhere: [], texts: [] };
  const none = { ...nothing, scenario: scenario.id, printedSecret: false, showsTexts: false };
  const skipped = cannotShow(scenario, setting, usual);
  if (skipped !== undefined) return { ...none, skipped };
  try {
    const isSpecial = scenario.lifetime !== undefined || scenario.untrusted;
    await using own = isSpecial ? await openStage(setting, scenario) : undefined;
    return (await runScenario(scenario, setting, own ?? stage, usual)).evidence;
  } catch (error) {
    const [said = ''] = messageOf(error).split('\n');
    // What keeps the program from starting is not ours.
    return error instanceof Problem ? { ...none, skipped: said } : { ...none, error: said };
  }
}

/** @param missing why there may be no evidence of a scenario. */
export function judge(
  requirement: ClientRequirement,
  evidences: ReadonlyMap<string, Evidence>,
  missing: string,
): RequirementResult {
  const check = checks[requirement.id];
  const results = (check?.scenarios ?? []).map((id): RequirementResult => {
    const evidence = evidences.get(id);
    const about = scenarios.find((each) => each.id === id)?.about ?? '';
    const result = { requirement, scenario: id, about, lines: [] };
    if (!evidence || !check) return { ...result, verdict: 'not observed', happened: missing };
    if (evidence.error !== undefined) return { ...result, verdict: 'harness error', happened: evidence.error };
    if (evidence.skipped !== undefined) return { ...result, verdict: 'not observed', happened: evidence.skipped };
    const { verdict, happened, entries } = check.judge(evidence);
    return { ...result, verdict, happened, lines: linesOf(evidence, entries) };
  });
  const order = ['not met', 'harness error', 'met', 'not observed'] as const;
  const found = order.flatMap((verdict) => results.find((each) => each.verdict === verdict) ?? [])[0];
  const unknown = 'This version of the toolkit has no check for it.';
  return found ?? { requirement, verdict: 'harness error', happened: unknown, scenario: '', about: '', lines: [] };
}

/** Lines that a person reads. */
const mostLines = 8;

function linesOf({ entries }: Evidence, ids: readonly number[]): Line[] {
  return entries
    .filter(({ id }) => ids.includes(id))
    .slice(0, mostLines)
    .map(({ time, method, path, status, reason }) => ({ time, method, path, status, reason }));
}

/**
 * Compares results with what is expected not to be met.
 * @param expected ids of requirements.
 */
export function compareWithExpected(
  results: readonly RequirementResult[],
  expected: readonly string[],
): RequirementResult[] {
  return results.map((result): RequirementResult => {
    if (!expected.includes(result.requirement.id)) return result;
    if (result.verdict === 'not met') return { ...result, expected: 'accepted' };
    return result.verdict === 'met' ? { ...result, expected: 'stale' } : result;
  });
}

/** 1 if a requirement of level `must` is not met, or is met against expectation; 2 if it could not be found out by our fault. */
export function exitCodeOf(results: readonly RequirementResult[]): 0 | 1 | 2 {
  const failed = results.some(
    ({ verdict, expected, requirement }) =>
      expected === 'stale' || (verdict === 'not met' && expected !== 'accepted' && requirement.level === 'must'),
  );
  if (failed) return 1;
  return results.some(({ verdict }) => verdict === 'harness error') ? 2 : 0;
}

/** What a report says of itself. */
export function describeCertification(
  program: string,
  document: OpenApiDocument,
  set: RequirementSet,
  facts: Pick<Certification, 'date' | 'version' | 'milliseconds' | 'results' | 'interrupted'>,
): Certification {
  return {
    program,
    api: document.info.title,
    specification: sha256(JSON.stringify(document)),
    requirements: { date: set.date, sha256: sha256(JSON.stringify(set.requirements)) },
    questions,
    ...facts,
  };
}
