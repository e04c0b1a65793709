// `node bench/corpus/document.ts FILE SEED`: has one document served by each contestant, and prints what came of it as JSON.
// A process of its own, which its parent ends when it takes too long.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fieldsOf, isList, parseObject, textAt } from '../../src/util/json.ts';
import { arzamed, environment } from '../harness/environment.ts';
import { packageCommand } from '../harness/versions.ts';
import { judge, type Answered } from './judge.ts';
import { callsOf, type Call } from './requests.ts';
import { Schemas } from './schemas.ts';

/** What a contestant did with a document. */
export interface Served {
  start: 'started' | 'refused' | 'failed';
  /** Why it did not start. */
  reason?: string;
  /** From spawning the process until it says that it listens, in milliseconds. */
  milliseconds: number;
  /** The most that the process held, in MiB. */
  peak: number;
  answers: { operation: string; kind?: string; more?: string }[];
}

interface Contestant {
  name: string;
  args: string[];
  /** In milliseconds. */
  patience: number;
  /** Finds the URL in what it prints. */
  listening: RegExp;
  /** Whether it serves the path of the document's server. */
  hasBase: boolean;
}

const contestants = (file: string): Contestant[] => [
  {
    name: 'arzamed mock',
    args: [arzamed, 'mock', file, '--port', '0', '--json'],
    patience: 10_000,
    listening: /"url":"(http:[^"]+)".*\n/,
    hasBase: true,
  },
  {
    name: 'Prism CLI',
    args: [packageCommand('@stoplight/prism-cli', 'prism'), 'mock', '--port', '0', '--host', '127.0.0.1', file],
    patience: 30_000,
    listening: /listening on (http:\S+)/,
    hasBase: false,
  },
];

/** In MiB. */
const mostMemory = 700;
const callPatience = 10_000;

const [file = '', seed = '1'] = process.argv.slice(2);
const schemas = new Schemas(parseObject(await readFile(file)) ?? {});
const calls = await callsOf(schemas, 10, Number(seed));
const served: Record<string, Served> = {};
const memory: Credentials = { tokens: new Map() };
for (const contestant of contestants(file)) served[contestant.name] = await serve(contestant);
process.stdout.write(JSON.stringify(served));

async function serve({ args, patience, listening, hasBase }: Contestant): Promise<Served> {
  const from = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  process.once('exit', () => child.kill('SIGKILL'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const closed = once(child, 'close').then(() => 'closed' as const);
  let url: string | undefined;
  for (;;) {
    url = listening.exec(printed)?.[1];
    if (url !== undefined || performance.now() - from > patience) break;
    if ((await Promise.race([closed, wait(5)])) === 'closed') break;
  }
  const milliseconds = performance.now() - from;
  const peak = (): number => peakOf(child);
  try {
    if (url === undefined) return { ...notStarted(child, printed), milliseconds, peak: peak(), answers: [] };
    await learn(printed);
    const answers: Served['answers'] = [];
    for (const call of calls) {
      const fault = judge(schemas, call, await ask(call, url + (hasBase ? call.base : '')));
      answers.push({ operation: call.name, ...fault });
    }
    const most = peak();
    const tooMuch = most > mostMemory ? { reason: `It took ${most.toFixed(0)} MiB.` } : {};
    return { start: tooMuch.reason ? 'failed' : 'started', ...tooMuch, milliseconds, peak: most, answers };
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}

function notStarted({ exitCode, signalCode }: ChildProcess, printed: string): Pick<Served, 'start' | 'reason'> {
  const said = printed.trim().slice(0, 500);
  if (exitCode === null && signalCode === null)
    return { start: 'failed', reason: `It did not listen in time. ${said}` };
  const isSentence = said !== '' && !/^\s+at /m.test(printed);
  return { start: isSentence ? 'refused' : 'failed', reason: said };
}

/** Where the system tells it; of a process that has ended, nothing. */
function peakOf({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

interface Credentials {
  tokenUrl?: string;
  id?: string;
  secret?: string;
  /** Scopes to a token for them. */
  tokens: Map<string, string>;
}

/** Takes the account's credentials from what `arzamed mock` says at its start. Other contestants get the same. */
async function learn(printed: string): Promise<void> {
  const clinics = parseObject(printed.split('\n').find((line) => line.startsWith('{')) ?? '')?.['clinics'];
  const clinic = isList(clinics) ? fieldsOf(clinics[0]) : undefined;
  const keys = clinic?.['keys'];
  const key = isList(keys) ? keys[0] : undefined;
  if (!key) return;
  Object.assign(memory, {
    tokenUrl: textAt(clinic, 'tokenUrl'),
    id: textAt(key, 'clientId'),
    secret: textAt(key, 'clientSecret'),
  });
  // All tokens now: the next contestant is not asked for one.
  for (const { security } of calls) for (const [, scopes] of Object.entries(security[0] ?? {})) await token(scopes);
}

async function token(scopes: readonly string[]): Promise<string> {
  const scope = scopes.join(' ');
  const known = memory.tokens.get(scope);
  if (known !== undefined || memory.tokenUrl === undefined) return known ?? 'none';
  const response = await fetch(memory.tokenUrl, {
    method: 'POST',
    headers: { Authorization: basic() },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === '' ? {} : { scope }) }),
    signal: AbortSignal.timeout(callPatience),
  });
  const found = textAt(parseObject(await response.text()), 'access_token') ?? 'none';
  memory.tokens.set(scope, found);
  return found;
}

function basic(): string {
  return `Basic ${Buffer.from(`${memory.id ?? 'id'}:${memory.secret ?? 'secret'}`).toString('base64')}`;
}

async function ask(call: Call, base: string): Promise<Answered> {
  try {
    const headers: Record<string, string> = { ...call.headers };
    const query: string[] = [];
    const known = fieldsOf(fieldsOf(schemas.document['components'])?.['securitySchemes']);
    for (const [name, scopes] of Object.entries(call.security[0] ?? {})) {
      const scheme = schemas.follow(known?.[name]) ?? {};
      const { type, in: place } = scheme;
      const [key, secret] = [textAt(scheme, 'name') ?? 'key', memory.secret ?? 'secret'];
      const kind = textAt(scheme, 'scheme')?.toLowerCase();
      if (type === 'apiKey' && place === 'query') query.push(`${encodeURIComponent(key)}=${secret}`);
      else if (type === 'apiKey' && place === 'cookie')
        headers['Cookie'] = [headers['Cookie'], `${key}=${secret}`].filter(Boolean).join('; ');
      else if (type === 'apiKey') headers[key] = secret;
      else if (type === 'http' && kind === 'basic') headers['Authorization'] = basic();
      else if (type === 'http' && kind === 'bearer') headers['Authorization'] = `Bearer ${secret}`;
      else if (type === 'http') headers['Authorization'] = `${kind} opaque`;
      else if (type !== 'mutualTLS') headers['Authorization'] = `Bearer ${await token(scopes)}`;
    }
    const url =
      base + call.target + (query.length === 0 ? '' : `${call.target.includes('?') ? '&' : '?'}${query.join('&')}`);
    return await exchange(call, url, headers);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return { error: `${String(error)}${cause}` };
  }
}

/** With nothing in the request but what is given: `fetch` adds headers that a document may describe. */
async function exchange({ method, body }: Call, url: string, headers: Record<string, string>): Promise<Answered> {
  const encoded = body === undefined ? undefined : new Response(body);
  const sent = encoded ? Buffer.from(await encoded.arrayBuffer()) : undefined;
  const type = body instanceof FormData ? encoded?.headers.get('content-type') : undefined;
  const length = sent === undefined ? {} : { 'Content-Length': sent.length };
  const request = http.request(url, {
    method,
    headers: { ...headers, ...length, ...(type ? { 'Content-Type': type } : {}) },
    signal: AbortSignal.timeout(callPatience),
  });
  request.on('error', () => {});
  request.end(sent);
  const [response] = await once(request, 'response');
  return { status: response.statusCode, type: response.headers['content-type'] ?? '', body: await text(response) };
}
