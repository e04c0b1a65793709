import { Problem } from '../util/errors.ts';
import { changedAnswers } from './answers.ts';
import { describeEnd, succeeded, type Evidence } from './evidence.ts';
import { openStage, runScenario, type Setting, type Usual } from './run-scenario.ts';
import { faulty, scenarios, type CertifyScenario } from './scenarios.ts';

/** What became of the program when an answer was changed in one way that its document allows. */
export interface Probed {
  /** The place and its change, such as `$[*].image: null`. */
  change: string;
  survives: boolean;
  /** How the program ended. */
  happened: string;
}

interface Options extends Setting {
  /** What the output of a program that does its work matches. */
  expected?: RegExp | undefined;
  /** Milliseconds for all runs; what does not fit is not tried. */
  budget: number;
  /** Told before each run. */
  onChange: (change: string, number: number, of: number) => void;
}

/**
 * Runs the program as usual, and then once for each change that the document allows.
 * @throws Problem if the program cannot be started, or fails as it is.
 */
export async function probe(options: Options): Promise<{ probed: Probed[]; untried: number }> {
  const { played, signal, expected, budget, onChange } = options;
  const until = performance.now() + budget;
  const [first] = scenarios;
  await using stage = await openStage(options);
  const usual = first && (await runScenario(first, options, stage));
  if (!usual?.shown || !survives(usual.evidence, expected)) throw failsAsItIs(usual?.evidence);
  const { shown } = usual;
  const changes = [...changedAnswers(played.api, shown.operation, shown.body).map(inAnswer), ...inDelivery(shown)];
  const probed: Probed[] = [];
  for (const [index, change] of changes.entries()) {
    if (signal.aborted || performance.now() > until) break;
    onChange(change.about, index + 1, changes.length);
    const { evidence } = await runScenario(change, options, stage, shown);
    if (signal.aborted) break;
    const isRight = survives(evidence, expected);
    const ended = succeeded(evidence) ? 'printed something else' : describeEnd(evidence);
    probed.push({ change: change.about, survives: isRight, happened: isRight ? 'ended with 0' : ended });
  }
  return { probed, untried: changes.length - probed.length };
}

function survives(evidence: Evidence, expected: RegExp | undefined): boolean {
  return succeeded(evidence) && evidence.ended.every(({ output }) => expected?.test(output) ?? true);
}

function failsAsItIs(evidence: Evidence | undefined): Problem {
  const ended = evidence && !succeeded(evidence) ? `It ${describeEnd(evidence)}.` : '';
  return new Problem({
    code: 'option_invalid',
    what: `The program does not do its work while nothing is changed. ${ended}`.trimEnd(),
    remedy: 'It has to call the API, to end with 0, and to print what --expect-output names. Try it by arzamed exec.',
  });
}

function inAnswer(answer: ReturnType<typeof changedAnswers>[number]): CertifyScenario {
  return { id: 'probe', about: answer.change, answer };
}

/** Changes of what carries the answer. */
function inDelivery({ body, mediaType }: Usual): CertifyScenario[] {
  const changes = {
    'header added': { headers: { 'X-Added-In-A-Later-Version': 'new' } },
    'body in chunks': { delivery: 'chunked' as const },
    'Content-Type with charset': { contentType: `${mediaType}; charset=utf-8` },
    'other whitespace': { body: `\r\n${JSON.stringify(body, undefined, '\t')}\n` },
  };
  return Object.entries(changes)
    .slice(0, body === undefined ? 2 : undefined)
    .map(([change, fault]) => ({ id: 'probe', about: `answer: ${change}`, arrange: faulty(fault) }));
}
