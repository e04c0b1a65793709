import { ControlRefusedError, createControlClient, type ControlClient } from '../control/index.ts';
import { readOperations, type Operation } from '../openapi/operations.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { parseObject } from '../util/json.ts';
import { quoted, type Journaled } from './entries.ts';

type Result<Id extends keyof ControlClient> = Awaited<ReturnType<ControlClient[Id]>>;
export type ShownClinic = Result<'listCredentials'>[number];
export type ActiveFault = Result<'listFaults'>[number];
export type GroupedCause = Result<'listExplanations'>['explanations'][number];
export type ToldStory = Result<'explainEntry'>;
export type ShownExplanation = ToldStory['explanations'][number];
export type Scenario = Result<'listScenarios'>[number];
export type ShownSandbox = Result<'listSandboxes'>[number];

/** A request of the control API. */
export type ControlCall = (control: ControlClient) => Promise<unknown>;

/** The command of curl that does what was done last, and what came of it. */
export interface ToldCommand {
  command: string;
  result: 'shown' | 'done' | 'refused';
  message: string;
}

/** Milliseconds between two looks at what the journal does not tell. */
const pause = 2000;

/** Entries that are read before the page is first drawn. */
const newest = 300;

/** Entries beyond the mock's that are kept before the oldest are dropped, many at once. */
const slack = 500;

/**
 * What the page knows of one world of the mock, the mock's own or a sandbox. It follows the journal, and looks at the rest
 * again after each change and every two seconds.
 */
export class Session {
  /** URL of the mock, without a slash at the end. */
  readonly root: string;
  phase: 'connecting' | 'token' | 'ready' | 'lost' = 'connecting';
  /** Why the mock cannot be reached. */
  trouble = '';
  /** Undefined for the mock's own world. */
  sandbox: string | undefined;
  title = '';
  document: OpenApiDocument | undefined;
  operations: readonly Operation[] = [];
  sandboxes: readonly ShownSandbox[] = [];
  clinics: readonly ShownClinic[] = [];
  faults: readonly ActiveFault[] = [];
  causes: readonly GroupedCause[] = [];
  scenarios: readonly Scenario[] = [];
  /** How often it has looked at all but the journal. */
  looks = 0;
  /** Oldest first. It grows in place. */
  entries: Journaled[] = [];
  /** Changes where the entries are no longer those of before and some more. */
  generation = 0;
  /** Milliseconds that the mock's clock is ahead of this machine's. */
  ahead = 0;
  told: ToldCommand = { command: '', result: 'shown', message: '' };
  #capacity = Infinity;
  /** Held here alone, so that it ends with the page. */
  #token: string | undefined;
  #control: ControlClient;
  #probe: ControlClient;
  #probed = '';
  #over = new AbortController();
  #drawn = false;
  readonly #listeners = new Set<() => void>();

  constructor(root: string, sandbox: string | undefined) {
    this.root = root;
    this.sandbox = sandbox;
    [this.#control, this.#probe] = this.#clients();
    // A browser has six connections to a host: pages that are not seen leave theirs to the others.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#over.abort();
      else if (this.phase === 'ready') void this.open();
    });
  }

  /** URL of the world, without a slash at the end. */
  get url(): string {
    return this.sandbox === undefined ? this.root : `${this.root}/s/${this.sandbox}`;
  }

  get control(): ControlClient {
    return this.#control;
  }

  now(): number {
    return Date.now() + this.ahead;
  }

  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Draws the page again, once a frame at most. */
  changed(): void {
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => {
      this.#drawn = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Begins to follow a world. */
  async open(sandbox = this.sandbox): Promise<void> {
    this.#over.abort();
    this.#over = new AbortController();
    const { signal } = this.#over;
    if (sandbox !== this.sandbox) this.#replaceEntries([]);
    this.sandbox = sandbox;
    [this.#control, this.#probe] = this.#clients();
    try {
      // The newest requests need not wait for the rest: there may be ten thousand.
      await Promise.all([this.#readEntries(newest), this.#readDocument()]);
      this.phase = 'ready';
      this.changed();
      await this.look();
      await this.#readEntries();
    } catch (error) {
      this.#fail(error);
    }
    this.changed();
    if (this.phase === 'ready' && !document.hidden) {
      void this.#listen(signal);
      void this.#watch(signal);
    }
  }

  async enter(token: string): Promise<void> {
    this.#token = token;
    await this.open();
  }

  /** Looks at all but the journal. */
  async look(): Promise<void> {
    const { control, entries } = this;
    const root = createControlClient(this.#options(this.root));
    const before = entries.length;
    const [clinics, faults, { explanations: causes }, scenarios, { now }, { count, dropped }, sandboxes] =
      await Promise.all([
        control.listCredentials(),
        control.listFaults(),
        control.listExplanations(),
        control.listScenarios().catch(() => []),
        control.getClock(),
        control.countJournal(),
        root.listSandboxes(),
      ]);
    if (control !== this.control) return;
    this.looks += 1;
    Object.assign(this, { clinics, faults, causes, scenarios, sandboxes, ahead: Date.parse(now) - Date.now() });
    if (dropped > 0) this.#capacity = count;
    // They were cleared, here or by another program.
    else if (count < before && entries === this.entries) await this.#readEntries();
    this.changed();
  }

  /** Sends a request of the control API, and tells how curl would send it. */
  async act(call: ControlCall): Promise<boolean> {
    const command = this.commandOf(call);
    try {
      await call(this.control);
      this.told = { command, result: 'done', message: 'Done.' };
      await this.look();
    } catch (error) {
      this.told = { command, result: 'refused', message: messageOf(error) };
      if (error instanceof ControlRefusedError && error.status === 401) this.#fail(error);
    }
    this.changed();
    return this.told.result === 'done';
  }

  createSandbox(): Promise<ShownSandbox> {
    return createControlClient(this.#options(this.root)).createSandbox();
  }

  async endSandbox(id: string): Promise<void> {
    this.#over.abort();
    await createControlClient(this.#options(this.root)).endSandbox({ path: { sandboxId: id } });
  }

  /** Shows how curl would send a request. */
  show(call: ControlCall): void {
    this.told = { command: this.commandOf(call), result: 'shown', message: '' };
    this.changed();
  }

  /** A request of the control API as a command of curl. */
  commandOf(call: ControlCall): string {
    this.#probed = '';
    call(this.#probe).catch(() => {});
    return this.#probed;
  }

  #options(url: string): { url: string; token: string | undefined } {
    return { url, token: this.#token };
  }

  #clients(): [ControlClient, ControlClient] {
    const probe = createControlClient({
      url: this.url,
      // It is called before the client first waits.
      fetch: (url, init) => {
        this.#probed = commandFor(url, init, this.#token !== undefined);
        return Promise.reject(new Error('This is not sent.'));
      },
    });
    return [createControlClient(this.#options(this.url)), probe];
  }

  async #readDocument(): Promise<void> {
    if (this.document) return;
    const { control } = this;
    const [{ api }, specification] = await Promise.all([control.getHealth(), control.getSpecification()]);
    this.title = `${api.title} ${api.version}`;
    this.document = documentOf(specification);
    this.operations = readOperations(this.document);
  }

  /** @param most about how many, the newest. */
  async #readEntries(most = Infinity): Promise<void> {
    const { control } = this;
    let query = {};
    if (most < Infinity) {
      const { count, dropped } = await control.countJournal();
      // Those that were cleared have ids too: then there are more than so many.
      query = { after: String(Math.max(0, count + dropped - most)) };
    }
    const { entries, dropped } = await control.readJournal({ query });
    // Another world was chosen meanwhile.
    if (control !== this.control) return;
    if (dropped > 0 && most === Infinity) this.#capacity = entries.length;
    this.#replaceEntries(entries);
  }

  #replaceEntries(entries: Journaled[]): void {
    this.entries = entries;
    this.generation += 1;
    this.changed();
  }

  #add(entry: Journaled): void {
    // A journal that was read again may have it.
    if (entry.id <= (this.entries.at(-1)?.id ?? 0)) return;
    this.entries.push(entry);
    if (this.entries.length > this.#capacity + slack) this.#replaceEntries(this.entries.slice(-this.#capacity));
    this.changed();
  }

  /** Follows the journal; the stream ends at a reset, and with the mock. */
  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const url = `${this.url}/_mock/journal/stream?after=${this.entries.at(-1)?.id ?? 0}`;
        const headers = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
        const { body, ok } = await fetch(url, { headers, signal });
        if (body && ok) await this.#readStream(body);
        await wait(200, signal);
        await this.#readEntries();
      } catch {
        await wait(1000, signal);
      }
    }
  }

  async #readStream(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (rest + value).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) this.#add(entryOf(data));
      }
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(pause, signal);
      if (signal.aborted) continue;
      try {
        await this.look();
        if (this.phase === 'lost') this.phase = 'ready';
      } catch (error) {
        if (!signal.aborted) this.#fail(error);
      }
      this.changed();
    }
  }

  #fail(error: unknown): void {
    const isUnknown = error instanceof ControlRefusedError && error.status === 401;
    this.phase = isUnknown ? 'token' : 'lost';
    this.trouble = isUnknown && this.#token === undefined ? '' : messageOf(error);
    if (isUnknown) this.#over.abort();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** The mock has checked what it serves, and writes its own journal: this page is its other half. */
function documentOf(answer: object): OpenApiDocument;
function documentOf(answer: object): object {
  return answer;
}

function entryOf(text: string): Journaled;
function entryOf(text: string): object {
  return parseObject(text) ?? {};
}

function commandFor(url: string, { method = 'GET', body }: RequestInit, hasToken: boolean): string {
  const words = ['curl -sS'];
  // With a body curl sends POST by itself.
  const usual = body === undefined ? 'GET' : 'POST';
  if (method !== usual) words.push(`-X ${method}`);
  words.push(quoted(url));
  if (hasToken) words.push('-H "Authorization: Bearer $CONTROL_TOKEN"');
  if (typeof body === 'string') words.push('-d', quoted(body));
  return words.join(' ');
}
