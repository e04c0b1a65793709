// HTTP/1.1 as bytes: `fetch` and `node:http` refuse to send what is wrong, and mend what comes back.
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** By name in small letters. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

/** What came back on a connection, and who ended it. */
export interface RawExchange {
  received: Buffer;
  /** False where the deadline passed and this side gave up. */
  closedByServer: boolean;
}

/**
 * Sends bytes over a new connection and reads until the server closes it.
 * @param halfClose also says that nothing more will come. Without it the server must find its own reason to close.
 */
export function exchangeBytes(
  port: number,
  bytes: Buffer,
  { halfClose, deadline }: { halfClose: boolean; deadline: number },
): Promise<RawExchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let closedByServer = true;
    // The server may answer and close although bytes are under way; only our own end must not come by itself.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const timer = setTimeout(() => {
      closedByServer = false;
      socket.destroy();
    }, deadline);
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset closes as well: the server had an answer before it had read everything.
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ received: Buffer.concat(chunks), closedByServer });
    });
    if (halfClose) socket.end(bytes);
    else socket.write(bytes);
  });
}

/**
 * Reads the answers of a connection that has been closed, without the interim ones (1xx).
 * @param methods of the requests in their order: an answer to HEAD has no body.
 * @throws Error if the bytes are not a row of whole HTTP/1.1 answers.
 */
export function parseAnswers(bytes: Buffer, methods: readonly string[]): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const { answer, length } = parseAnswer(rest, methods[answers.length] === 'HEAD');
    if (answer.status >= 200) answers.push(answer);
    rest = rest.subarray(length);
  }
  return answers;
}

function parseAnswer(bytes: Buffer, toHead: boolean): { answer: RawAnswer; length: number } {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) throw new Error(`The head of an answer does not end: ${escapeBytes(bytes)}`);
  const [statusLine = '', ...fields] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) [\t -~]*$/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new Error(`No status line: ${escapeBytes(statusLine)}`);
  const headers = parseFields(fields);
  const from = headEnd + 4;
  const empty = toHead || status < 200 || status === 204 || status === 304;
  const { body, end } = empty ? { body: Buffer.alloc(0), end: from } : parseBody(bytes, from, headers);
  return { answer: { status, headers, body }, length: end };
}

function parseFields(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[\t ]*([\t -~\x80-\xff]*?)[\t ]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`No header field: ${escapeBytes(line)}`);
    const known = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), known === undefined ? value : `${known}, ${value}`);
  }
  return headers;
}

function parseBody(bytes: Buffer, from: number, headers: Map<string, string>): { body: Buffer; end: number } {
  const announced = headers.get('content-length');
  if (headers.get('transfer-encoding') !== undefined) {
    if (announced !== undefined) throw new Error('An answer has both Content-Length and Transfer-Encoding.');
    return parseChunks(bytes, from);
  }
  if (announced === undefined) return { body: bytes.subarray(from), end: bytes.length };
  const end = from + Number(announced);
  if (!/^\d+$/.test(announced) || end > bytes.length) throw new Error(`The body is not ${announced} bytes long.`);
  return { body: bytes.subarray(from, end), end };
}

function parseChunks(bytes: Buffer, from: number): { body: Buffer; end: number } {
  const chunks: Buffer[] = [];
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = /^[0-9a-f]+$/i.exec(bytes.toString('latin1', at, Math.max(at, lineEnd)))?.[0];
    if (size === undefined) throw new Error('A chunk of an answer has no size.');
    const end = lineEnd + 2 + Number.parseInt(size, 16);
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') throw new Error('A chunk of an answer has another size.');
    chunks.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
    if (Number.parseInt(size, 16) === 0) return { body: Buffer.concat(chunks), end: at };
  }
}

/** Bytes as the inside of a string literal, to be pasted into `Buffer.from('…', 'latin1')`. */
export function escapeBytes(bytes: Buffer | string): string {
  const text = typeof bytes === 'string' ? bytes : bytes.toString('latin1');
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll("'", String.raw`\'`);
  return escaped.replaceAll(/[\x7f-\uffff]/g, (character) => {
    return String.raw`\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
