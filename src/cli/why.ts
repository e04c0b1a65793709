import {
  ControlRefusedError,
  ControlUnreachableError,
  createControlClient,
  type ControlClient,
} from '../control/client.ts';
import { messageOf, Problem } from '../util/errors.ts';
import { colourOf, coloured, printable, printableJson, visible, wrapped } from '../util/terminal.ts';
import { clockTime } from './log.ts';
import type { ExitCode, WhyOptions } from './options.ts';

type Story = Awaited<ReturnType<ControlClient['explainEntry']>>;
type Cause = Awaited<ReturnType<ControlClient['listExplanations']>>['explanations'][number];
type Explanation = Story['explanations'][number];

/**
 * Prints why a running mock answered as it did: by cause, or the story of one request.
 * @param id of the journal's entry.
 * @throws Problem if no mock answers, or it has no such entry.
 */
export async function runWhy(
  id: string | undefined,
  { url, controlToken: token, json }: WhyOptions,
): Promise<ExitCode> {
  const control = createControlClient({ url, token: token === '' ? undefined : token });
  if (id === undefined) {
    const { explanations } = await asked(control.listExplanations());
    process.stdout.write(json ? printableJson(explanations) : causeText(explanations));
    return 0;
  }
  const story = await asked(control.explainEntry({ path: { entryId: id.replace(/^#/, '') } }));
  process.stdout.write(json ? printableJson(story) : storyText(story));
  return 0;
}

/** Asks a mock whether it is ready. @param url of it, of its API or of a sandbox: people paste what they have. */
export async function runHealth(url: string): Promise<ExitCode> {
  const [base = url] = /^https?:\/\/[^/?#]+(?:\/s\/[^/?#]+)?/.exec(url) ?? [];
  try {
    await createControlClient({ url: base }).getHealth({ signal: AbortSignal.timeout(3000) });
    process.stdout.write('Ready.\n');
    return 0;
  } catch (error) {
    const isAway = error instanceof ControlUnreachableError && error.url !== undefined;
    const reason = isAway ? `No mock answers at ${error.url}.` : messageOf(error).replace(/^getHealth: /, '');
    process.stderr.write(printable([`arzamed: Not ready: ${reason}`]));
    return 1;
  }
}

async function asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof ControlUnreachableError) {
      const facts = { url: cause.url };
      const remedy = 'Start one with `npx arzamed mock`, or name its URL, or that of a sandbox, with --url URL.';
      throw new Problem({ code: 'mock_unreachable', what: 'No mock answers at this URL.', facts, remedy }, { cause });
    }
    if (!(cause instanceof ControlRefusedError)) throw cause;
    const remedy =
      cause.status === 401
        ? 'Give the token that the mock printed, by ARZAMED_CONTROL_TOKEN or --control-token TOKEN.'
        : 'List what there is with `arzamed why`: ids stand behind # in the log of the mock.';
    throw new Problem(
      { code: 'mock_refuses', what: 'The mock refuses this.', facts: { reason: cause.message }, remedy },
      { cause },
    );
  }
}

function causeText(causes: readonly Cause[]): string {
  if (causes.length === 0) return 'Nothing was refused, no fault struck, and there is no finding.\n';
  return causes
    .map((each) => {
      const { cause, severity, count, lastTime, entries, clientIds } = each;
      const times = count === 1 ? `at ${clockTime(lastTime)}` : `${count} times, last at ${clockTime(lastTime)}`;
      const shown = `${coloured(colourOf(severity), visible(severity))}  ${coloured('bold', visible(cause))}  ${times}\n`;
      const whose = clientIds.length > 0 ? `Keys: ${clientIds.join(', ')}. ` : '';
      return `${shown}${explanationText(each)}${printable(wrapped(`${whose}Requests: ${entries.join(', ')}`, '  '))}`;
    })
    .join('\n');
}

const places: Record<Explanation['whose'], string> = {
  program: 'the program',
  fixture: 'the files of the mock, or what was changed by its control API',
  specification: 'the specification',
  mock: 'the mock, which was told to do so',
};

function explanationText({ happened, whose, remedy, source }: Explanation): string {
  return printable([
    ...wrapped(happened, '  '),
    ...wrapped(`What to do: ${remedy}`, '  '),
    ...wrapped(`Comes from: ${places[whose]}.`, '  '),
    ...wrapped(`Source: ${source}`, '  '),
  ]);
}

function storyText({ entry, explanations, checks, effect, tokenRequest, before, after }: Story): string {
  const { id, time, method, path, status, clinic, clientId, milliseconds } = entry;
  const whose = [clinic, clientId].filter((each) => each !== undefined);
  const head = [`#${id}`, String(status ?? 'none'), method, path, ...whose, time, `${Math.round(milliseconds)} ms`];
  const related = [
    ...(tokenRequest === undefined ? [] : [`Its token is from request ${tokenRequest}.`]),
    ...(effect === undefined ? [] : [`What the fault did: ${effect}.`]),
    ...(before.length > 0 ? [`Before it: ${before.join(', ')}.`] : []),
    ...(after.length > 0 ? [`After it: ${after.join(', ')}.`] : []),
  ];
  const checked = checks.map(({ check, passed, text }) =>
    coloured(passed ? 'green' : 'red', printable(wrapped(text, '    ', `  ${passed ? 'ok' : 'no'}  ${check}: `))),
  );
  const violations = (entry.violations ?? []).slice(1).flatMap((each) => wrapped(each, '        '));
  const explained = explanations.map(
    (each) => `\n${coloured(colourOf(each.severity), visible(each.cause))}\n${explanationText(each)}`,
  );
  const usual = explanations.length === 0 ? '\nThe request and its answer are as usual.\n' : '';
  return `${coloured(colourOf(status ?? 400), printable([head.join('  ')]))}${checked.join('')}${printable(violations)}${printable(related.map((each) => `  ${each}`))}${explained.join('')}${usual}`;
}
