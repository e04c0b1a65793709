import { buildRequest, parseJson, type UntypedInput } from '../client/request.ts';
import type { Arguments, InputOf, ResultOf } from '../client/types.ts';
import { calls, servers } from '../generated/control/operations.ts';
import type { operations } from '../generated/control/types.ts';

/** The operations of the control API but the stream of the journal, which is for `fetch` and `EventSource`. */
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

// The rows are those of the generated types, which the compiler cannot follow through a loop.
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
  const answer = parseJson(text);
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

/** The mock refuses a request: there is no such key, the id is taken, the control token is missing. Or no mock answers. */
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
  const body = parseJson(answer);
  if (body === undefined) return 'the answer is not that of a mock';
  return textAt(body, 'message') ?? 'the mock refuses it';
}

function textAt(value: unknown, name: string): string | undefined {
  const text = valueAt(value, name);
  return typeof text === 'string' ? text : undefined;
}

function valueAt(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** No mock answers at the URL: it does not run, or listens elsewhere. `cause` is the error of `fetch`. */
export class ControlUnreachableError extends Error {
  override readonly name = 'ControlUnreachableError';
  /** The operation of the control API. */
  readonly operation: string;
  /** The URL that was asked; undefined if it cannot be asked or has credentials. */
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
  const code = textAt(valueAt(failure, 'cause'), 'code');
  return code === undefined ? '' : ` (${code})`;
}
