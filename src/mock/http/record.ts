import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import { shorten } from '../../util/errors.ts';
import { keyNames } from '../auth/admit.ts';
import type { Habit } from '../findings/watches.ts';
import type { SeenBeside } from '../state/change.ts';
import type { Answered, RecordedRequest, RecordedAnswer } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { isOfConsole } from './console.ts';
import { credentialsIn, type Secrets } from './redact.ts';
import type { Reply } from './reply.ts';
import type { MockAnswer, MockRequest, Route } from './request.ts';

/** What a request claims, before it is checked. */
export type Claims = Partial<Pick<Answered, 'clinic' | 'clientId' | 'tokenId' | 'authentication' | 'violations'>>;

/** The record of a request without any known property. */
export const emptyRecord: Answered = {
  method: '?',
  path: '?',
  operationId: undefined,
  clinic: undefined,
  clientId: undefined,
  tokenId: undefined,
  authentication: undefined,
  status: undefined,
  reason: undefined,
  fault: undefined,
  broken: undefined,
  retryAfter: undefined,
  violations: undefined,
  credentialsInQuery: undefined,
  origin: undefined,
  request: undefined,
  response: undefined,
  milliseconds: 0,
};

/** The journal's record of a request and its answer, without the duration. */
export function recordOf(
  { keys, recordsBodies }: Sandbox,
  request: MockRequest,
  route: Route | undefined,
  claims: Claims,
  { reply, ...answer }: MockAnswer,
  body?: Buffer,
): Answered {
  const { method, path, query, headers } = request;
  const origin = headers.origin === undefined || isOfConsole(headers) ? undefined : headers.origin;
  const { delivery } = reply;
  const hasStatus = delivery !== 'reset' && delivery !== 'close';
  const broken = delivery === undefined || delivery === 'slow' || delivery === 'chunked' ? undefined : true;
  const documented = route ? keyNames(route.operation, 'query') : [];
  const names = query.size === 0 ? [] : credentialsIn(query, keys.secrets).filter((name) => !documented.includes(name));
  return {
    method,
    path: isFixed(route, claims) ? path : shorten(keys.secrets.redact(path), longestPath),
    operationId: route?.operation.id,
    clinic: claims.clinic,
    clientId: answer.clientId ?? claims.clientId,
    // A token that does not arrive was not given.
    tokenId: claims.tokenId ?? (broken ? undefined : answer.tokenId),
    authentication: claims.authentication,
    status: hasStatus ? reply.status : undefined,
    reason: answer.reason,
    fault: answer.fault,
    broken,
    retryAfter: hasStatus ? retryAfterOf(reply.headers) : undefined,
    violations: claims.violations,
    credentialsInQuery: names.length === 0 ? undefined : names.slice(0, 20).map((name) => shorten(name, 200)),
    origin: origin === undefined ? undefined : keys.secrets.redact(origin).slice(0, 200),
    request: recordsBodies ? recordRequest(request, route, [...names, ...documented], body, keys.secrets) : undefined,
    response: recordsBodies && hasStatus ? recordResponse(reply, route, keys.secrets) : undefined,
    milliseconds: 0,
  };
}

/** Characters of a path in the journal. */
const longestPath = 2000;
const mostBytes = 65_536;
const credentialHeaders = /^(authorization|cookie|proxy-authorization)$/;

function recordRequest(
  { query, headers }: MockRequest,
  route: Route | undefined,
  secretNames: readonly string[],
  sent: Buffer | undefined,
  secrets: Secrets,
): RecordedRequest {
  const body = route?.operation.issuesTokens ? undefined : sent;
  const keys = route ? keyNames(route.operation, 'header').map((name) => name.toLowerCase()) : [];
  const isText = body !== undefined && body.length > 0 && isUtf8(body);
  return {
    query: Object.fromEntries(
      [...new Set(query.keys())].map((name) => [
        secrets.redact(name),
        query.getAll(name).map((value) => (secretNames.includes(name) ? '[secret]' : secrets.redact(value))),
      ]),
    ),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value = '']) => [
        name,
        credentialHeaders.test(name) || keys.includes(name) ? '[secret]' : secrets.redact([value].flat().join(', ')),
      ]),
    ),
    body: isText ? secrets.redact(body.subarray(0, mostBytes).toString('utf8')) : undefined,
  };
}

function recordResponse({ headers, body }: Reply, route: Route | undefined, secrets: Secrets): RecordedAnswer {
  const shown = route?.operation.issuesTokens ? undefined : body;
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secrets.redact(value)])),
    body: shown === undefined ? undefined : secrets.redact(shown.slice(0, mostBytes)),
  };
}

/** Whether the path holds no text of the client: it has no parameters, or is the token URL of a clinic. */
function isFixed(route: Route | undefined, { clinic }: Claims): boolean {
  if (!route) return false;
  return Object.keys(route.parameters).length === 0 || (route.operation.issuesTokens && clinic !== undefined);
}

function headerOf(headers: Record<string, string>, wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function retryAfterOf(headers: Record<string, string>): number | undefined {
  const seconds = Number(headerOf(headers, 'retry-after'));
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** Changes the record of a request whose connection ended before its answer began. */
export function toUnanswered(record: Answered): Answered {
  const { tokenId, authentication } = record;
  const presented = authentication === 'bearer' ? tokenId : undefined;
  const none = { status: undefined, reason: undefined, retryAfter: undefined, response: undefined };
  return Object.assign(record, none, { tokenId: presented, broken: true });
}

/** What an answer tells the rules of findings beside its record. */
interface Handled {
  reply: Reply | undefined;
  habits?: readonly Habit[] | undefined;
}

/** Starts to time a request. Returns a function that writes its record into the journal. */
export function timer(sandbox: Sandbox, message: Message): (record: Answered, handled?: Handled) => void {
  const began = now(sandbox);
  return (record, handled) => sandbox.record(record, seenOf(sandbox, message, began, record, handled));
}

interface Message {
  socket: object;
  headers: IncomingHttpHeaders;
}

/** The time for people, and for durations, both in milliseconds. */
export interface Began {
  ticks: number;
  time: number;
}

export function now({ clock }: Sandbox): Began {
  return { ticks: performance.now(), time: clock.now() };
}

/** What is told of a request that is answered now beside its record, which gets its duration. */
export function seenOf(
  { clock, keys }: Sandbox,
  { socket: connection, headers }: Message,
  began: Began,
  record: Answered,
  { reply, habits }: Handled = { reply: undefined },
): SeenBeside {
  const ended = performance.now();
  record.milliseconds = ended - began.ticks;
  return {
    began: began.time,
    ended: clock.now(),
    ticks: { began: began.ticks, ended },
    connection,
    habits,
    userAgent: headers['user-agent']?.slice(0, 200),
    host: headers.host,
    hasCredentials: headers.authorization !== undefined,
    location: reply && reply.status >= 300 && reply.status < 400 ? headerOf(reply.headers, 'location') : undefined,
    clockMoves: clock.moves,
    keyChanges: keys.changes,
  };
}
