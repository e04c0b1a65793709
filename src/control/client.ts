import { buildRequest, type UntypedInput } from '../client/request.ts';
import type { Arguments, InputOf, ResultOf } from '../client/types.ts';
import { calls, servers } from '../generated/control/operations.ts';
import type { operations } from '../generated/control/types.ts';

/** The operations of the control API that answer once; the stream of the journal is for `fetch` and `EventSource`. */
export type ControlOperationId = Exclude<keyof operations, 'streamJournal'>;

/** One method for each operation of the control API, as `openapi/control.yaml` describes it. */
export type ControlClient = {
  readonly [Id in ControlOperationId]: (
    ...input: Arguments<InputOf<operations[Id]>>
  ) => Promise<ResultOf<operations[Id]>>;
};

/** Where a mock, or one of its sandboxes, is controlled. */
export interface ControlClientOptions {
  /** The URL of the mock or the sandbox: `http://127.0.0.1:4010`, or `http://127.0.0.1:4010/s/{id}`. */
  url: string;
  /** The control token, where the mock asks for one: it listens for other machines, or was started with one. */
  token?: string | undefined;
  /** Default: the global `fetch`. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/**
 * Makes a client of a mock that runs in another process, as `arzamed mock`.
 *
 * @example
 * const control = createControlClient({ url: 'http://127.0.0.1:4010' });
 * await control.advanceClock({ body: { hours: 1 } });
 *
 * Its methods throw `ControlRefusedError` if the mock refuses what it is told, `ControlUnreachableError` if none answers.
 */
export function createControlClient(options: ControlClientOptions): ControlClient {
  return Object.freeze(methodsOf(options));
}

// The rows are those of the generated types: what the compiler cannot follow through a loop is said by the first of
// these signatures.
function methodsOf(options: ControlClientOptions): ControlClient;
function methodsOf(options: ControlClientOptions): object {
  const { streamJournal: _, ...rows } = calls;
  return Object.fromEntries(
    Object.entries(rows).map(([id, row]) => [id, (input: UntypedInput = {}) => call(options, id, row, input)]),
  );
}

/** Where the control API stands at every mock. */
const path = new URL(servers[0] ?? '').pathname;

async function call(
  { url: mock, token, fetch = globalThis.fetch }: ControlClientOptions,
  id: string,
  row: { method: string; path: string },
  input: UntypedInput,
): Promise<unknown> {
  const { url, init } = buildRequest(mock.replace(/\/+$/, '') + path, row, input);
  if (token !== undefined) init.headers['authorization'] = `Bearer ${token}`;
  const { signal } = input;
  const { ok, status, text } = await send(fetch, url, signal ? { ...init, signal } : init).catch((error: unknown) => {
    throw signal?.aborted ? error : new ControlUnreachableError(id, mock, error);
  });
  const answer = text === '' ? undefined : parse(text);
  if (!ok || (text !== '' && answer === undefined)) throw new ControlRefusedError(id, status, text);
  return answer;
}

async function send(
  fetch: NonNullable<ControlClientOptions['fetch']>,
  url: string,
  init: RequestInit,
): Promise<{ ok: boolean; status: number; text: string }> {
  const response = await fetch(url, init);
  return { ok: response.ok, status: response.status, text: await response.text() };
}

/** Undefined where the text is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The mock refuses what it is told: there is no such key, the id is taken, the control token is missing. Or what answers is
 * no mock.
 */
export class ControlRefusedError extends Error {
  override readonly name = 'ControlRefusedError';
  /** The operation of the control API. */
  readonly operation: string;
  readonly status: number;

  /** @param answer the body of the mock's answer, `{ "message" }`. */
  constructor(operation: string, status: number, answer: string) {
    super(`${operation}: ${messageOf(answer)} (HTTP ${status})`);
    this.operation = operation;
    this.status = status;
  }
}

function messageOf(answer: string): string {
  try {
    const body: unknown = JSON.parse(answer);
    const { message }: Partial<Record<string, unknown>> = body ?? {};
    return typeof message === 'string' ? message : 'the mock refuses it';
  } catch {
    return 'the answer is not that of a mock';
  }
}

/** No mock answers at the URL: it does not run, or stands elsewhere. `cause` is what `fetch` says. */
export class ControlUnreachableError extends Error {
  override readonly name = 'ControlUnreachableError';
  /** The operation of the control API. */
  readonly operation: string;
  /** Where the mock was looked for; undefined where that was no URL that can be asked. */
  readonly url: string | undefined;

  constructor(operation: string, url: string, cause: unknown) {
    const asked = askable(url);
    const remedy = 'Start one with `npx arzamed mock`, or give createControlClient the url that it prints.';
    // What cannot be asked may hold a password, and the cause would show it.
    if (asked === undefined) super(`${operation}: the url is not of the form http://HOST:PORT. ${remedy}`);
    else super(`${operation}: no mock answers at ${asked}${reasonOf(cause)}. ${remedy}`, { cause });
    this.operation = operation;
    this.url = asked;
  }
}

function askable(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, password, origin, pathname } = new URL(url);
  const plain = /^https?:$/.test(protocol) && username === '' && password === '';
  return plain ? origin + pathname.replace(/\/+$/, '') : undefined;
}

function reasonOf(failure: unknown): string {
  const { cause }: Partial<Record<string, unknown>> = failure ?? {};
  const { code }: Partial<Record<string, unknown>> = cause ?? {};
  return typeof code === 'string' ? ` (${code})` : '';
}
