import { buildRequest, parseJson } from '../client/request.ts';
import type { Arguments, InputOf, RequestRow, ResultOf, UntypedInput } from '../client/types.ts';
import { calls, servers } from '../generated/control/operations.ts';
import type { operations } from '../generated/control/types.ts';

/** All operations of the control API but the journal stream, which is for `fetch` and `EventSource`. */
export type ControlOperationId = Exclude<keyof operations, 'streamJournal'>;

/** One method for each operation of the control API, as `openapi/control.yaml` describes it. */
export type ControlClient = {
  readonly [Id in ControlOperationId]: (
    ...input: Arguments<InputOf<operations[Id]>>
  ) => Promise<ResultOf<operations[Id]>>;
};

export interface ControlClientOptions {
  /** URL of the mock, `http://127.0.0.1:4010`, or of a sandbox, `http://127.0.0.1:4010/s/{id}`. */
  url: string;
  /** Control token, if the mock listens beyond loopback or was started with one. */
  token?: string | undefined;
  /** Default: the global `fetch`. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/**
 * Makes a client of a mock in another process, such as `arzamed mock`.
 *
 * @example
 * const control = createControlClient({ url: 'http://127.0.0.1:4010' });
 * await control.advanceClock({ body: { hours: 1 } });
 *
 * Its methods throw `ControlRefusedError` if the mock refuses a request, `ControlUnreachableError` if no mock answers.
 */
export function createControlClient(options: ControlClientOptions): ControlClient {
  return Object.freeze(methodsOf(options));
}

// Rows and types are generated from one document, which the compiler cannot follow through a loop.
function methodsOf(options: ControlClientOptions): ControlClient;
function methodsOf(options: ControlClientOptions): object {
  const { streamJournal: _, ...rows } = calls;
  return Object.fromEntries(
    Object.entries(rows).map(([id, row]) => [id, (input: UntypedInput = {}) => call(options, id, row, input)]),
  );
}

/** Path of the control API. */
const path = new URL(servers[0] ?? '').pathname;

async function call(
  { url: mock, token, fetch = globalThis.fetch }: ControlClientOptions,
  id: string,
  row: RequestRow,
  input: UntypedInput,
): Promise<unknown> {
  const { url, init } = buildRequest(mock.replace(/(?<!\/)\/+$/, '') + path, row, input);
  if (token !== undefined) init.headers['authorization'] = `Bearer ${token}`;
  const { signal } = input;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, signal ? { ...init, signal } : init);
    text = await response.text();
  } catch (error) {
    throw signal?.aborted ? error : new ControlUnreachableError(id, mock, error);
  }
  const answer = parseJson(text);
  if (!response.ok || (text !== '' && answer === undefined)) throw new ControlRefusedError(id, response.status, text);
  return answer;
}

/** The mock refuses a request, such as for an unknown key, or the answer is not a mock's. */
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
  const { message } = fieldsOf(body);
  return typeof message === 'string' ? message : 'the mock refuses it';
}

function fieldsOf(value: unknown): { message?: unknown; cause?: unknown; code?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}

/** No mock answers at the URL. `cause` is the error of `fetch`. */
export class ControlUnreachableError extends Error {
  override readonly name = 'ControlUnreachableError';
  /** The operation of the control API. */
  readonly operation: string;
  /** The requested URL; undefined if it is invalid or has credentials. */
  readonly url: string | undefined;

  constructor(operation: string, url: string, cause: unknown) {
    const asked = askable(url);
    const remedy = 'Start one with `npx arzamed mock`, or give createControlClient the url that it prints.';
    // An invalid URL may contain a password, which the cause would show.
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
  return plain ? origin + pathname.replace(/(?<!\/)\/+$/, '') : undefined;
}

function reasonOf(failure: unknown): string {
  const { code } = fieldsOf(fieldsOf(failure).cause);
  return typeof code === 'string' ? ` (${code})` : '';
}
