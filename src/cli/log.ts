import type { Controlled } from '../mock/control/router.ts';
import type { Finding } from '../mock/findings/findings.ts';
import type { Mock, MockSandbox } from '../mock/instances.ts';
import { paths } from '../mock/routing/paths.ts';
import type { Told } from '../mock/state/journal.ts';
import { colourOf, coloured, inert, printable, visible, wrapped, type Colour } from '../util/terminal.ts';

/** Characters of the log that may wait for its reader. */
const mostUnread = 1_000_000;
/** Causes that were explained are remembered, so that each is explained once. */
const mostExplained = 1000;
const margin = '      ';

/** What `arzamed mock` prints while it runs: requests, findings, calls of the control API. */
export class MockLog {
  readonly #verbose: boolean;
  readonly #explained = new Set<string>();
  readonly #pending = new Set<Promise<void>>();
  #mock: Mock | undefined;
  #unread = 0;

  constructor(verbose: boolean) {
    this.#verbose = verbose;
  }

  /** Explains refusals and faults of a mock from now on, each cause once. */
  explain(mock: Mock): void {
    this.#mock = mock;
  }

  answer(told: Told): void {
    const { id, time, status = 'none', method, path, clinic, clientId, reason, effect, milliseconds } = told;
    const fault = effect ?? (told.fault === 'prefer' ? 'as the request prefers' : told.fault);
    const paint = (colour: Colour | undefined, text: string | undefined): string[] =>
      text === undefined ? [] : [coloured(colour, visible(text))];
    const parts = [
      ...paint('dim', `${clockTime(time)}  #${id}`),
      ...paint(status === 'none' ? 'red' : colourOf(status), String(status)),
      ...paint(undefined, method.padEnd(4)),
      ...paint(undefined, `${prefixOf(told)}${path}`),
      ...paint('cyan', clinic),
      ...paint('cyan', clientId),
      ...paint('red', reason),
      ...paint('yellow', fault),
      ...paint('dim', `${Math.round(milliseconds)} ms`),
    ];
    this.#write(inert(`  ${parts.join('  ')}\n`));
    const isRefused = status === 'none' || status >= 400;
    // Why a request was refused as invalid.
    if (isRefused) this.#write(printable((told.violations ?? []).map((violation) => `${margin}${violation}`)));
    if (this.#verbose) this.#write(printable(exchangeLines(told)));
    if (isRefused || fault !== undefined) this.#explain(told);
  }

  finding({ id, severity, message, remedy, source, clientId, entries }: Finding): void {
    const whose = clientId === undefined ? '' : `${clientId}: `;
    this.#write('\n');
    this.#write(coloured(colourOf(severity), printable([`  ${severity}: ${id}  (journal ${entries.join(', ')})`])));
    this.#write(
      printable([...[`${whose}${message}`, remedy, `Source: ${source}`].flatMap((each) => wrapped(each, '    ')), '']),
    );
  }

  reset(sandbox: string | undefined): void {
    const whose = sandbox === undefined ? 'reset' : `reset of /s/${sandbox}`;
    this.#write(printable([`  ${whose}: initial state; journal and findings are empty`]));
    this.#explained.clear();
  }

  /** A call that only reads is told with --verbose, and a reset by its own line. */
  control(controlled: Controlled): void {
    const { operation, method, path, status } = controlled;
    if (operation === 'reset' || (method === 'GET' && !this.#verbose)) return;
    const line = `  ${clockTime()}  control  ${status}  ${method.padEnd(4)}  ${prefixOf(controlled)}${paths.control}${path}`;
    this.#write(coloured(status >= 400 ? 'red' : 'dim', printable([line])));
  }

  /** Prints what happened to the mock itself. */
  say(lines: readonly string[]): void {
    this.#write(printable(lines.map((line) => `  ${clockTime()}  ${line}`)));
  }

  /** Waits for the explanations that are still to be printed. */
  async end(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #explain(told: Told): void {
    const world =
      told.sandbox === undefined ? this.#mock : this.#mock?.sandboxes.list().find(({ id }) => id === told.sandbox);
    if (!world) return;
    const printing = this.#printExplanations(world, told)
      .catch(() => {})
      .finally(() => this.#pending.delete(printing));
    this.#pending.add(printing);
  }

  async #printExplanations(world: MockSandbox, told: Told): Promise<void> {
    for (const { cause, happened, remedy, kind } of await world.explanations.explain(told)) {
      if (this.#explained.has(cause) || this.#explained.size >= mostExplained) continue;
      this.#explained.add(cause);
      // Each violation has its own line.
      const text = cause === 'violation' ? remedy : `${happened} ${remedy}`;
      const lines = wrapped(text, `${margin}  `, `${margin}${kind === 'fault' ? 'fault' : cause}: `);
      this.#write(coloured('dim', printable(lines)));
    }
  }

  /** What its reader does not keep up with is left out. */
  #write(text: string): void {
    if (process.stdout.writableLength > mostUnread) {
      this.#unread += 1;
      return;
    }
    if (this.#unread > 0) {
      process.stdout.write(`  ${this.#unread} entries are left out here: the reader of this log was too slow.\n`);
    }
    this.#unread = 0;
    process.stdout.write(text);
  }
}

function prefixOf({ sandbox }: { sandbox?: string }): string {
  return sandbox === undefined ? '' : `/s/${sandbox}`;
}

/** Hours, minutes and seconds of this machine's time zone. */
export function clockTime(time?: string): string {
  return (time === undefined ? new Date() : new Date(time)).toTimeString().slice(0, 8);
}

/** Lines of a recorded body that are printed. */
const mostLines = 40;

function exchangeLines({ request, response, status }: Told): string[] {
  const bodyOf = (body: string | undefined): string[] =>
    body === undefined ? [] : body.split('\n').slice(0, mostLines);
  const query = Object.entries(request?.query ?? {})
    .flatMap(([name, values]) => values.map((value) => `${name}=${value}`))
    .join('&');
  const asked = [...(query === '' ? [] : [`?${query}`]), ...headerLines(request?.headers), ...bodyOf(request?.body)];
  const answered = [`${status ?? 'no answer'}`, ...headerLines(response?.headers), ...bodyOf(response?.body)];
  return [...asked.map((line) => `${margin}> ${line}`), ...answered.map((line) => `${margin}< ${line}`)];
}

function headerLines(headers: Record<string, string> = {}): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
