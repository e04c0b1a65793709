import { request as ask, type Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Borrowed } from './borrowed.ts';
import { connectionHeader, loanHeader } from './messages.ts';

interface Forwarding {
  /** Where the primary answers. */
  port: number;
  /** One connection to the primary for each of the client's. */
  agent: Agent;
  /** The name of the client's connection. */
  connection: string;
  onLoan: (borrowed: Borrowed) => void;
}

/** What of an answer is of its connection, and not to be given again. */
const ofConnection = /^(connection|keep-alive|date|content-length|transfer-encoding)$/i;

/** Has the primary answer a request. What it breaks off is broken off in the same way. */
export function forward(request: IncomingMessage, response: ServerResponse, forwarding: Forwarding): void {
  const { port, agent, connection, onLoan } = forwarding;
  const { method = '', url: path } = request;
  const headers = [...without(request.rawHeaders, connectionHeader), connectionHeader, connection];
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  // Node would send a body in chunks where it could have one, though it be empty.
  if (length === undefined && coding === undefined && method.startsWith('P')) headers.push('Content-Length', '0');
  const asked = ask({ host: '127.0.0.1', port, agent, method, path, headers, setHost: false });
  asked.once('response', (answer) => {
    const raw = without(answer.rawHeaders, loanHeader);
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, raw);
    const loan = String(answer.headers[loanHeader] ?? '');
    if (loan !== '') void borrow(loan, answer).then((borrowed) => borrowed && onLoan(borrowed));
    answer.once('error', () => response.socket?.destroySoon());
    answer.pipe(response);
  });
  asked.once('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'read') response.socket?.resetAndDestroy();
    else response.socket?.destroySoon();
  });
  response.once('close', () => asked.destroy());
  request.pipe(asked);
}

async function borrow(loan: string, answer: IncomingMessage): Promise<Borrowed | undefined> {
  const [id = 0, epoch = 0, milliseconds = 0] = loan.split(';').map(Number);
  const until = performance.now() + milliseconds;
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => answer.once('close', resolve));
  if (!answer.complete) return undefined;
  const reply = { status: answer.statusCode ?? 0, headers: toGiveAgain(answer), body: String(Buffer.concat(chunks)) };
  return { loan: id, epoch, until, reply };
}

function toGiveAgain({ rawHeaders }: IncomingMessage): Record<string, string> {
  const raw = without(rawHeaders, loanHeader);
  const names = raw.flatMap((name, at) =>
    at % 2 === 0 && !ofConnection.test(name) ? [[name, raw[at + 1] ?? '']] : [],
  );
  return Object.fromEntries(names);
}

/** @param raw names and values in turn. */
function without(raw: readonly string[], name: string): string[] {
  return raw.filter((_, at) => raw[at - (at % 2)]?.toLowerCase() !== name);
}
