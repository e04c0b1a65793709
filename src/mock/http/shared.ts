import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { RequestHandler } from 'express';
import { messageOf } from '../../util/errors.ts';
import type { SetFault } from '../faults/faults.ts';
import { isOfReplica, Stale, type Replica } from '../replica.ts';
import { routeFinder } from '../routing/route.ts';
import type { Action, Entry, Outcome, SeenBeside } from '../state/change.ts';
import type { Answered } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { noStore } from '../token/oauth-error.ts';
import { deliver, requestFrom } from './exchange.ts';
import type { FastPath } from './fast-path.ts';
import { failedAnswer, requestHandler, type Handled } from './handle.ts';
import { now, seenOf, toUnanswered, type Began } from './record.ts';
import { Away } from '../state/store.ts';
import { jsonReply, sendAgain, sendReply, writeHead, type Reply } from './reply.ts';
import type { MockRequest } from './request.ts';

/** A world whose state other replicas share, as its HTTP server needs it. */
export interface Shared {
  replica: Replica;
  /** Leads a request to the world once more, as it is now. */
  again: (request: IncomingMessage, response: ServerResponse) => void;
  strike: (
    action: Action & { kind: 'strike' },
    epoch: number,
  ) => Promise<{ value: SetFault | undefined; epoch: number }>;
  changeItems: (action: Action & { kind: 'items' }, epoch: number) => Promise<{ value: Outcome; epoch: number }>;
  /** Gets to know the sandboxes of other replicas. Whether there was one. */
  lookAround: () => Promise<boolean>;
  /** Gets to know the secrets that other replicas issued. Whether there was one. */
  learn: () => Promise<boolean>;
}

/** What has been done for a request already, if its answer has to be worked out once more. */
interface Done {
  began: Began;
  body?: Promise<Buffer>;
  strike?: { fault: SetFault | undefined };
  outcome?: Outcome;
  hasWaited?: true;
  hasLookedAround?: true;
  hasLearnt?: true;
}

const done = new WeakMap<IncomingMessage, Done>();

function doneFor(sandbox: Sandbox, request: IncomingMessage): Done {
  const known = done.get(request) ?? { began: now(sandbox) };
  done.set(request, known);
  return known;
}

/** Answers requests: each answer leaves when the store has its journal entry, and confirms that nothing has changed. */
export function serveShared(sandbox: Sandbox, fastPath: FastPath, shared: Shared): RequestHandler {
  const handle = requestHandler(sandbox);
  return async (request, response) => {
    const { replica } = shared;
    const known = doneFor(sandbox, request);
    let { epoch } = replica;
    const read = requestFrom(sandbox, request, response);
    const once: MockRequest = {
      ...read,
      readBody: (operation) => (known.body ??= read.readBody(operation)),
      wait: async (milliseconds) => {
        if (!known.hasWaited) await read.wait(milliseconds);
        known.hasWaited = true;
        // What changed meanwhile counts; the strike does not come again.
        if (epoch !== replica.epoch) throw new Stale();
      },
      strike: async (operation, clinic) => {
        if (known.strike) return known.strike.fault;
        if (sandbox.faults.isConstantFor(operation)) return sandbox.faults.strike(operation, clinic);
        const struck = await shared.strike({ kind: 'strike', operation: operation.id, clinic }, epoch);
        epoch = struck.epoch;
        known.strike = { fault: struck.value };
        return struck.value;
      },
      changeItems: async (change) => {
        if (known.outcome) return known.outcome;
        const changed = await shared.changeItems(change, epoch);
        epoch = changed.epoch;
        return (known.outcome = changed.value);
      },
    };
    try {
      const { changes } = sandbox;
      const { secrets } = sandbox.keys;
      const { looks } = secrets;
      const handled = await handle(once);
      // Its record may have a text of the client.
      if (secrets.looks !== looks && !known.hasLearnt) {
        known.hasLearnt = true;
        if (await shared.learn()) throw new Stale();
      }
      if (handled.record.reason === 'invalid_client' && !known.hasLookedAround) {
        known.hasLookedAround = true;
        if (await shared.lookAround()) throw new Stale();
      }
      const reply = writable(response, handled);
      if (response.closed) toUnanswered(handled.record);
      const seen = (): SeenBeside => seenOf(sandbox, request, known.began, handled.record, { ...handled, reply });
      if (reply.delivery === 'slow' && !response.closed) {
        await replica.catchUp();
        if (epoch !== replica.epoch) throw new Stale();
        return await deliver(
          response,
          reply,
          (broken) => enterAnyhow(sandbox, replica, Object.assign(handled.record, { broken }), seen()),
          sandbox,
        );
      }
      await enter(sandbox, replica, epoch, handled.record, seen());
      fastPath.keep(request, handled, changes);
      if (!response.closed) await deliver(response, reply, () => {}, sandbox);
    } catch (error) {
      if (!isOfReplica(error)) throw error;
      // Of a slow answer: without its entry it must not become whole.
      if (response.headersSent) return void response.destroy();
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      if (error instanceof Away) sendReply(response, unavailable(messageOf(error), sandbox, request));
      else shared.again(request, response);
    }
  };
}

/** Repeats an answer, as soon as the store confirms that nothing has changed. */
export function takeShared(
  sandbox: Sandbox,
  fastPath: FastPath,
  shared: Shared,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const kept = fastPath.find(request);
  if (!kept) return false;
  const { replica, again } = shared;
  const record = { ...kept.record };
  const seen = seenOf(sandbox, request, doneFor(sandbox, request).began, record);
  enter(sandbox, replica, replica.epoch, record, seen).then(
    () => sendAgain(response, kept.reply),
    (error: unknown) => {
      if (error instanceof Away) sendReply(response, unavailable(messageOf(error), sandbox, request));
      else again(request, response);
    },
  );
  return true;
}

const connections = new WeakMap<object, string>();
let connected = 0;

/** Writes a journal entry, and tells of it. @throws Stale, Gone, Away */
async function enter(
  sandbox: Sandbox,
  replica: Replica,
  epoch: number,
  answered: Answered,
  seen: SeenBeside,
): Promise<void> {
  const id = await replica.enter(epoch, toEntry(replica, answered, seen));
  sandbox.tell(id, answered, seen);
}

/** Writes a journal entry whatever has changed meanwhile, unless the world was reset. @throws Gone, Away */
export async function enterAnyhow(
  sandbox: Sandbox,
  replica: Replica,
  answered: Answered,
  seen: SeenBeside,
): Promise<void> {
  while (!sandbox.hasEnded) {
    try {
      return await enter(sandbox, replica, replica.epoch, answered, seen);
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      await replica.settled();
    }
  }
}

/** With names and times that mean the same to all replicas. */
function toEntry(replica: Replica, answered: Answered, seen: SeenBeside): Entry {
  const { connection, ticks } = seen;
  let name = typeof connection === 'string' ? connection : connections.get(connection);
  if (name === undefined) {
    connected += 1;
    name = `${replica.name} ${connected}`;
    if (typeof connection === 'object') connections.set(connection, name);
  }
  const offset = replica.now() - performance.now();
  const common = { began: ticks.began + offset, ended: ticks.ended + offset };
  return { answered, seen: { ...seen, connection: name, ticks: common } };
}

/** The reply to a request, or that to a defect where HTTP does not allow one of the headers. */
function writable(response: ServerResponse, { reply, record }: Handled): Reply {
  try {
    if (reply.delivery !== 'reset' && reply.delivery !== 'close') writeHead(response, reply);
    return reply;
  } catch (error) {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    const failed = failedAnswer(error).reply;
    Object.assign(record, { status: failed.status, reason: 'defect' as const, retryAfter: undefined });
    return failed;
  }
}

/** What is answered while the store is away, in the form of the token endpoint for a token request. */
export function unavailable(reason: string, sandbox: Sandbox, request: IncomingMessage): Reply {
  const [path = '', search] = (request.url ?? '').split('?');
  const { method = '', headers } = request;
  const route = routeFinder(sandbox)({
    method,
    path,
    query: new URLSearchParams(search),
    headers,
    prefer: undefined,
    hosts: 1,
    authorizations: [],
    readBody: () => Promise.resolve(Buffer.alloc(0)),
    wait: () => Promise.resolve(),
  });
  const again = { 'Retry-After': '1' };
  if (!('operation' in route) || !route.operation.issuesTokens) return jsonReply(503, { message: reason }, again);
  const body = { error: 'temporarily_unavailable', error_description: reason };
  return jsonReply(503, body, { ...noStore, ...again });
}
