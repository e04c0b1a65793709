import type { Request, Response } from 'express';
import { noSuch } from '../../util/did-you-mean.ts';
import type { Key } from '../clinics/clinic.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { MockSandbox, Sandboxes } from '../instances.ts';
import { paths } from '../routing/paths.ts';
import type { Journal, JournalEntry, JournalFilter } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { issueToken } from '../token/issue-token.ts';
import { ControlError } from './control-error.ts';
import type { Controls } from './controls.ts';
import type { ControlRequest, Handlers, Outcome } from './requests.ts';

const done: Reply = { status: 204, headers: {}, body: undefined };

/** What lies beyond one sandbox. */
export interface Beyond {
  /** Puts a new sandbox in the place of this one. */
  reset: () => void;
  /** The other sandboxes; undefined where this is one of them. */
  sandboxes: Sandboxes | undefined;
}

/** What each operation of the control API does to a sandbox. */
export function handlersFor(sandbox: Sandbox, controls: Controls, { reset, sandboxes }: Beyond): Handlers<Outcome> {
  const { keys, answers, faults, journal, findings, clock } = controls;
  const others = (): Sandboxes => {
    if (sandboxes) return sandboxes;
    throw new ControlError('not_found', 'A sandbox has no sandboxes of its own: ask the mock itself.');
  };
  const time = (): Reply => jsonReply(200, { now: new Date(clock.now()).toISOString() });
  return {
    getHealth: () => jsonReply(200, health(sandbox)),
    reset: () => {
      reset();
      return done;
    },
    listCredentials: () => jsonReply(200, controls.credentials()),
    issueKey: ({ body: { expiresAt, ...key } }) =>
      jsonReply(201, keys.issue({ ...key, expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt) })),
    revokeKey: ({ path }) => jsonReply(200, keys.revoke(path.clientId)),
    expireKey: ({ path }) => jsonReply(200, keys.expire(path.clientId)),
    restoreKey: ({ path }) => jsonReply(200, keys.restore(path.clientId)),
    rotateSigningKeys: async () => jsonReply(200, { kid: await controls.rotateSigningKeys() }),
    replaceAnswer: ({ path, body: { body, ...options } }) => {
      answers.replace(path.clinic, path.operationId, body, options);
      return done;
    },
    restoreAnswer: ({ path }) => {
      answers.restore(path.clinic, path.operationId);
      return done;
    },
    addFault: ({ body }) => jsonReply(201, faults.add(body)),
    listFaults: () => jsonReply(200, faults.list()),
    clearFaults: () => {
      faults.clear();
      return done;
    },
    clearFault: ({ path }) => {
      faults.clear(path.faultId);
      return done;
    },
    readJournal: ({ query }) => jsonReply(200, { entries: journal.find(toFilter(query)), dropped: journal.dropped }),
    countJournal: ({ query }) => jsonReply(200, { count: journal.count(toFilter(query)), dropped: journal.dropped }),
    streamJournal: ({ query }) => ({
      stream: (request, response) => streamJournal(journal, toFilter(query), request, response),
    }),
    clearJournal: () => {
      journal.clear();
      return done;
    },
    listFindings: ({ query }) =>
      jsonReply(200, { findings: query.ended === 'true' ? findings.conclude() : findings.list() }),
    getClock: time,
    setClock: ({ body }) => {
      clock.set(new Date(body.now));
      return time();
    },
    resetClock: () => {
      clock.reset();
      return time();
    },
    advanceClock: ({ body }) => {
      clock.advance(body);
      return time();
    },
    createSandbox: ({ body }) => jsonReply(201, describeSandbox(others().create(body))),
    listSandboxes: () => jsonReply(200, others().list().map(describeSandbox)),
    endSandbox: ({ path }) => {
      others().end(path.sandboxId);
      return done;
    },
    changeProviderState: async ({ body }) => jsonReply(200, await takeOnState(sandbox, body)),
  };
}

function describeSandbox({ id, url, baseUrl, clinics }: MockSandbox): object {
  return { id, url, baseUrl, controlUrl: url + paths.control, clinics };
}

function toFilter({ status, after, ...filter }: ControlRequest<'readJournal'>['query']): JournalFilter {
  const toNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  return { ...filter, status: toNumber(status), after: toNumber(after) };
}

/** Says that the mock is ready, and what it plays. */
function health({ api, fixtures }: Sandbox): {
  status: 'ok';
  api: { title: string; version: string };
  clinics: string[];
} {
  const { title, version } = api.document.info;
  return { status: 'ok', api: { title, version }, clinics: fixtures.ids() };
}

/** The request that Pact's verifiers send before (and after) an interaction, once for each of its provider states. */
type StateChange = ControlRequest<'changeProviderState'>['body'];
type Params = NonNullable<StateChange['params']>;

/** Values for the interaction's `fromProviderState`. */
type Values = Record<string, string>;

/** The provider states that the mock can take on. */
const states: Record<string, (sandbox: Sandbox, params: Params) => Values | Promise<Values>> = {
  'a key': (sandbox, params) => {
    const { clientId, clientSecret, clinic } = findKey(sandbox, params);
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    return { clientId, basic, tokenPath: sandbox.tokenUrl(clinic).slice(sandbox.url.length) };
  },
  'a bearer token': async (sandbox, params) => {
    const age = params.expired ? (sandbox.api.tokens.lifetime + 1) * 1000 : 0;
    const key = findKey(sandbox, params);
    const token = (await issueToken(sandbox, key, sandbox.api.flow?.scopes ?? [], sandbox.clock.now() - age)).token;
    return { accessToken: token };
  },
  'the next answer': (sandbox, { operationId, status }) => {
    const operation = sandbox.api.operations.find(({ id }) => id === operationId);
    if (!operation || status === undefined || !operation.statuses.includes(String(status))) {
      throw unsettable('It needs an operationId of the specification, and a status that the operation documents.');
    }
    sandbox.faults.add({ operationId: operation.id, status, count: 1 });
    return {};
  },
};

/**
 * Takes on a provider state and gives its values.
 * @throws ControlError if the mock does not know the state, or cannot take it on.
 */
async function takeOnState(sandbox: Sandbox, { state, params = {}, action }: StateChange): Promise<Values> {
  // An interaction without a state has the empty one. There is nothing to tear down: what a state sets, its request uses up.
  if (state === '' || action === 'teardown') return {};
  const takeOn = Object.hasOwn(states, state) ? states[state] : undefined;
  if (!takeOn) {
    const known = Object.keys(states).map((name) => `"${name}"`);
    throw unsettable(`The mock has no provider state "${state}", only ${known.join(', ')}.`);
  }
  return takeOn(sandbox, params);
}

function findKey(sandbox: Sandbox, { clinic, keyStatus: wanted = 'active' }: Params): Key {
  const { fixtures } = sandbox;
  if (clinic !== undefined && !fixtures.clinic(clinic)) throw unsettable(noSuch('clinic', clinic, fixtures.ids()));
  const key = sandbox.keys.list(clinic).find((candidate) => sandbox.keys.status(candidate) === wanted);
  if (key) return key;
  throw unsettable(`There is no ${wanted} key${clinic === undefined ? '' : ` of a clinic ${clinic}`}.`);
}

function unsettable(message: string): ControlError {
  return new ControlError('bad_request', message);
}

/** Milliseconds between two signs of life, so that nothing on the way takes the connection for dead. */
const heartbeat = 15_000;

/** Bytes that may wait for a reader who is too slow; then the stream ends, and the reader can ask again. */
const backlog = 1024 * 1024;

/**
 * Sends each entry of the journal as it is written, as server-sent events, until the reader leaves, the journal ends or
 * the reader cannot keep up. With `Last-Event-ID`, as browsers send it, or `after`, it begins with what came since.
 */
function streamJournal(journal: Journal, filter: JournalFilter, request: Request, response: Response): void {
  response.status(200);
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  const send = (entry: JournalEntry): void => {
    response.write(`id: ${entry.id}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`);
    if (response.writableLength > backlog) response.destroy();
  };
  const after = filter.after ?? lastEventId(request, journal);
  if (after !== undefined) for (const entry of journal.find({ ...filter, after })) send(entry);
  const unfollow = journal.follow({ ...filter, after: undefined }, { entry: send, end: () => response.end() });
  const timer = setInterval(() => response.write(': still here\n\n'), heartbeat).unref();
  response.once('close', () => {
    unfollow();
    clearInterval(timer);
  });
}

/** After a reset the ids begin again, so one that is too great is that of an entry long gone. */
function lastEventId(request: Request, { newest }: Journal): number | undefined {
  const header = request.get('last-event-id');
  if (header === undefined || !/^\d{1,15}$/.test(header)) return undefined;
  return Number(header) > newest ? 0 : Number(header);
}
