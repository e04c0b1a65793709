import { spawnSync } from 'node:child_process';
import { certify, judge, type RequirementResult } from '../../src/certify/certify.ts';
import type { Evidence, RunEnd } from '../../src/certify/evidence.ts';
import { checks } from '../../src/certify/checks.ts';
import type { Program } from '../../src/certify/program.ts';
import { readRequirements, type ClientRequirement } from '../../src/mock/findings/requirements.ts';
import { openStage, runScenario, type Setting } from '../../src/certify/run-scenario.ts';
import { scenarios, type CertifyScenario } from '../../src/certify/scenarios.ts';
import { discover } from '../../src/intercept/hosts.ts';
import { readWorld } from '../../src/mock/clinics/world.ts';
import { makeSigningKey } from '../../src/mock/state/signing-keys.ts';
import { startDetached } from '../support/exec-process.ts';

export type Started = Pick<Program, 'command' | 'args'> & Partial<Program>;

const played = await readWorld({});
const discovery = await discover(played);
const signingKey = await makeSigningKey();
/** The newest set. */
export const set = await readRequirements(played.api.document);

function settingOf(program: Started, more: Partial<Setting> = {}): Setting {
  return {
    played,
    discovery,
    signingKey,
    program: { repeat: 1, ...program },
    clinic: 'ricci',
    patience: 5000,
    signal: new AbortController().signal,
    ...more,
  };
}

/** Certifies a program by all requirements. */
export async function certifyProgram(program: Started): Promise<RequirementResult[]> {
  const { results } = await certify({
    ...settingOf(program, { patience: 30_000 }),
    set,
    jobs: 2,
    onScenario: () => {},
  });
  return results;
}

/** Where samples are run in one scenario or by one requirement: on a few stages, each with a host for samples. */
export interface Judges extends AsyncDisposable {
  observe: (scenario: CertifyScenario, sample: Sample) => Promise<Evidence>;
  judge: (id: string, sample: Sample) => Promise<RequirementResult>;
}

export async function openJudges(count: number): Promise<Judges> {
  await using opened = new AsyncDisposableStack();
  const [usual] = scenarios;
  if (!usual) throw new Error('There is no scenario.');
  const setting = settingOf(asProcess({ file: 'sync.mjs' }));
  const stages = await Promise.all(
    Array.from({ length: count }, async () => {
      const stage = opened.use(await openStage(setting));
      const host = opened.use(startDetached(process.execPath, [`${folder}/host.mjs`], stage.env));
      const [, port = ''] = await host.printed(/^(\d+)$/m);
      const hosted = ({ file, broken = '' }: Sample): (() => Promise<RunEnd[]>) => {
        const url = `http://127.0.0.1:${port}/${file}?BROKEN=${broken}`;
        return async () => {
          const answer = await fetch(url);
          return [{ code: answer.ok ? 0 : 1, milliseconds: 0, output: await answer.text() }];
        };
      };
      const { shown } = await runScenario(usual, { ...setting, run: hosted({ file: 'sync.mjs' }) }, stage);
      return { stage, hosted, shown };
    }),
  );
  const free = [...stages];
  const waiting: ((each: (typeof stages)[number]) => void)[] = [];
  const observe = async (scenario: CertifyScenario, sample: Sample): Promise<Evidence> => {
    const each = free.shift() ?? (await new Promise<(typeof stages)[number]>((resolve) => waiting.push(resolve)));
    try {
      const isSpecial = scenario.lifetime !== undefined || scenario.untrusted;
      const isEndless = endless.get(sample.broken ?? '') === scenario.id;
      const own = settingOf(asProcess(sample), {
        ...(isEndless ? { patience: endlessAfter } : {}),
        ...(isSpecial || isEndless ? {} : { run: each.hosted(sample) }),
      });
      await using special = isSpecial ? await openStage(setting, scenario) : undefined;
      const known = scenario === usual ? undefined : each.shown;
      return (await runScenario(scenario, own, special ?? each.stage, known)).evidence;
    } finally {
      const next = waiting.shift();
      if (next) next(each);
      else free.push(each);
    }
  };
  const judgeOne = async (id: string, sample: Sample): Promise<RequirementResult> => {
    const evidences = new Map<string, Evidence>();
    for (const scenario of scenarios.filter((each) => checks[id]?.scenarios.includes(each.id))) {
      evidences.set(scenario.id, await observe(scenario, sample));
      if (judge(requirementOf(id), evidences, '').verdict === 'not met') break;
    }
    return judge(requirementOf(id), evidences, '');
  };
  const all = opened.move();
  return { observe, judge: judgeOne, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Judges a sample by each requirement. */
export async function judgeByAll({ observe }: Judges, sample: Sample): Promise<RequirementResult[]> {
  const shown = scenarios.filter(({ waits }) => !waits);
  const seen = await Promise.all(shown.map((scenario) => observe(scenario, sample)));
  const evidences = new Map(seen.map((each) => [each.scenario, each]));
  return set.requirements.map((requirement) => judge(requirement, evidences, 'Not run.'));
}

function requirementOf(id: string): ClientRequirement {
  const requirement = set.requirements.find((each) => each.id === id);
  if (!requirement) throw new Error(`There is no requirement ${id}.`);
  return requirement;
}

const folder = 'test/certify/programs';

/** A program of the folder, whole or broken in one way; with a port, it keeps running. */
export interface Sample {
  file: string;
  broken?: string | undefined;
  port?: number;
}

/** Samples that do not end by themselves in a scenario, and milliseconds after which that is seen. */
const endless = new Map([
  ['time-limit', 'no-answer'],
  ['unavailable-bounded', 'unavailable'],
]);
const endlessAfter = 4000;

function asProcess({ file, broken = '', port }: Sample): Started {
  const args = [`BROKEN=${broken}`, process.execPath, `${folder}/${file}`];
  if (port === undefined) return { command: 'env', args };
  const url = `http://127.0.0.1:${port}`;
  const trigger = `curl -fsS --noproxy '*' ${url}/`;
  return { command: 'env', args: [...args, String(port)], ready: `${url}/ready`, trigger };
}

/** A program that is compiled once. */
function compiled(started: Started, compiler: string, ...args: string[]): Started {
  const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return started;
}

/** Programs that meet all requirements, by their language. @param out a folder for what is compiled. */
const inLanguages: readonly [string, command: string, (out: string) => Started][] = [
  ['Node', 'node', () => asProcess({ file: 'sync.mjs' })],
  ['Python', 'python3', () => ({ command: 'python3', args: [`${folder}/sync.py`] })],
  ['Go', 'go', (out) => compiled({ command: `${out}/sync`, args: [] }, 'go', 'build', '-o', out, `${folder}/sync.go`)],
  ['PHP', 'php', () => ({ command: 'php', args: [`${folder}/sync.php`] })],
  [
    'Java',
    'javac',
    (out) => compiled({ command: 'java', args: ['-cp', out, 'Sync'] }, 'javac', '-d', out, `${folder}/Sync.java`),
  ],
];

/** Those whose runtime is there; Node and Python always are. */
export const rightPrograms = inLanguages.filter(
  ([language, command]) =>
    ['Node', 'Python'].includes(language) || spawnSync('sh', ['-c', `command -v ${command}`]).status === 0,
);
