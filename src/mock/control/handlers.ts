import type { Request, Response } from 'express';
import { noSuch } from '../../util/did-you-mean.ts';
import { accountWord, inWordsOf } from '../clinics/account.ts';
import type { Key } from '../clinics/clinic.ts';
import { paths } from '../routing/paths.ts';
import { readInstant } from '../state/clock.ts';
import { filterOf, type Journal, type JournalFilter } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { issueToken } from '../token/issue-token.ts';
import type { ControlRequest } from './check-request.ts';
import { badRequest, ControlError } from './control-error.ts';
import type { Controls, MockClinic } from './controls.ts';
import type { Scenarios } from './scenarios.ts';
import { setUpOwnState } from './own-states.ts';
import { Stream, type Handlers } from './router.ts';

type ShownSandbox = Record<'id' | 'url' | 'baseUrl', string | undefined> & { clinics: readonly MockClinic[] };

export interface OtherSandboxes {
  create: (
    settings: ControlRequest<'createSandbox'>['body'],
    id: string | undefined,
  ) => ShownSandbox | Promise<ShownSandbox>;
  list: () => ShownSandbox[] | Promise<ShownSandbox[]>;
  end: (id: string) => void | Promise<void>;
}

/** Effects of a request beyond its own sandbox; `sandboxes` is absent if this is one of them. */
interface Beyond {
  reset: () => void;
  scenarios: Scenarios;
  sandboxes?: OtherSandboxes | undefined;
}

/** Implements the operations of the control API for a sandbox. */
export function handlersFor(sandbox: Sandbox, controls: Controls, beyond: Beyond): Handlers {
  const { keys, answers, faults } = controls;
  const { clock, journal, findings } = sandbox;
  const others = (): OtherSandboxes => {
    if (beyond.sandboxes) return beyond.sandboxes;
    throw new ControlError('not_found', 'A sandbox has no sandboxes of its own: ask the mock itself.');
  };
  const timeAfter = (act = (): void => {}): object => {
    act();
    return { now: new Date(clock.now()).toISOString() };
  };
  const handlers: Handlers = {
    getHealth: () => {
      const { title, version } = sandbox.api.document.info;
      return { status: 'ok', api: { title, version }, clinics: sandbox.fixtures.ids() };
    },
    getSpecification: () => sandbox.api.document,
    reset: () => beyond.reset(),
    listCredentials: () => controls.clinics,
    issueKey: ({ body: { expiresAt, ...key } }) =>
      keys.issue({ ...key, expiresAt: expiresAt === undefined ? undefined : readInstant(expiresAt) }),
    revokeKey: ({ path }) => keys.revoke(path.clientId),
    expireKey: ({ path }) => keys.expire(path.clientId),
    restoreKey: ({ path }) => keys.restore(path.clientId),
    rotateSigningKeys: async () => ({ kid: await controls.rotateSigningKeys() }),
    replaceAnswer: ({ path, body: { body, ...options } }) =>
      answers.replace(path.clinic, path.operationId, body, options),
    readAnswer: ({ path }) => ({ body: answers.read(path.clinic, path.operationId) }),
    checkAnswer: ({ path, body: { body } }) => ({
      violations: answers.check(path.operationId, body).map(({ path, expected, found }) => ({ path, expected, found })),
    }),
    restoreAnswer: ({ path }) => answers.restore(path.clinic, path.operationId),
    addFault: ({ body }) => faults.add(body),
    listFaults: () => faults.list(),
    clearFaults: () => faults.clear(),
    clearFault: ({ path }) => faults.clear(path.faultId),
    readJournal: ({ query }) => ({ entries: journal.find(toFilter(query)), dropped: journal.dropped }),
    countJournal: ({ query }) => ({ count: journal.count(toFilter(query)), dropped: journal.dropped }),
    streamJournal: ({ query }) =>
      new Stream((request, response) => streamJournal(journal, toFilter(query), request, response)),
    clearJournal: () => journal.clear(),
    explainEntry: ({ path }) => controls.explanations.of(Number(path.entryId)),
    listExplanations: async () => ({ explanations: await controls.explanations.list() }),
    listScenarios: () => beyond.scenarios.list(),
    startScenario: ({ path }) => beyond.scenarios.start(path.scenario),
    stopScenario: ({ path }) => beyond.scenarios.stop(path.scenario),
    listFindings: ({ query }) => ({ findings: query.ended === 'true' ? findings.asIfEnded() : findings.list() }),
    getClock: () => timeAfter(),
    setClock: ({ body }) => timeAfter(() => clock.set(readInstant(body.now))),
    resetClock: () => timeAfter(() => clock.reset()),
    advanceClock: ({ body }) => timeAfter(() => clock.advance(body)),
    createSandbox: async ({ body, query }) => describeSandbox(await others().create(body, query.id), sandbox),
    listSandboxes: async () => (await others().list()).map((each) => describeSandbox(each, sandbox)),
    endSandbox: ({ path }) => others().end(path.sandboxId),
    changeProviderState: ({ body }) => setUpState(sandbox, handlers, body),
  };
  return handlers;
}

function describeSandbox(
  { id, url, baseUrl, clinics }: ShownSandbox,
  { controlOrigin }: Pick<Sandbox, 'controlOrigin'>,
): object {
  return { id, url, baseUrl, controlUrl: `${controlOrigin}/s/${id}${paths.control}`, clinics };
}

function toFilter({ status, after, ...filter }: ControlRequest<'readJournal'>['query']): JournalFilter {
  const toNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  return { ...filter, status: toNumber(status), after: toNumber(after) };
}

/** Pact's verifiers send it before and after an interaction, once for each provider state. */
type StateChange = ControlRequest<'changeProviderState'>['body'];
type Params = NonNullable<StateChange['params']>;

type Values = Record<string, string>;

const states: Record<string, (sandbox: Sandbox, params: Params) => Values | Promise<Values>> = {
  'a key': (sandbox, params) => {
    const { clientId, clientSecret, clinic } = findKey(sandbox, params);
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    return { clientId, basic, tokenPath: sandbox.tokenUrl(clinic).slice(sandbox.url.length) };
  },
  'a bearer token': async (sandbox, params) => {
    const age = params.expired ? (sandbox.api.tokens.lifetime + 1) * 1000 : 0;
    const key = findKey(sandbox, params);
    const { token } = await issueToken(sandbox, key, sandbox.api.scopes, sandbox.clock.now() - age);
    return { accessToken: token };
  },
  'the next answer': (sandbox, { operationId, status }) => {
    const operation = sandbox.api.operations.find(({ id }) => id === operationId);
    if (!operation || status === undefined || !operation.statuses.includes(String(status))) {
      throw badRequest('It needs an operationId of the specification, and a status that the operation documents.');
    }
    sandbox.faults.add({ operationId: operation.id, status, count: 1 });
    return {};
  },
};

async function setUpState(
  sandbox: Sandbox,
  handlers: Handlers,
  { state, params = {}, action }: StateChange,
): Promise<Values> {
  // An interaction without a state has the empty one. There is nothing to tear down: the request uses up its state.
  if (state === '' || action === 'teardown') return {};
  const own = sandbox.ownStates.get(state);
  if (own) {
    await setUpOwnState(handlers, sandbox.collections, own);
    return {};
  }
  const setUp = Object.hasOwn(states, state) ? states[state] : undefined;
  if (!setUp) {
    const known = [...Object.keys(states), ...sandbox.ownStates.keys()].map((name) => `"${name}"`);
    throw badRequest(`The mock has no provider state "${state}", only ${known.join(', ')}.`);
  }
  return setUp(sandbox, params);
}

function findKey(sandbox: Sandbox, { clinic, keyStatus: wanted = 'active' }: Params): Key {
  const { fixtures } = sandbox;
  const word = accountWord(sandbox.api);
  if (clinic !== undefined && !fixtures.clinic(clinic)) throw badRequest(noSuch(word, clinic, fixtures.ids()));
  const key = sandbox.keys.list(clinic).find((candidate) => sandbox.keys.status(candidate) === wanted);
  if (key) return key;
  throw badRequest(
    `There is no ${wanted} key${clinic === undefined ? '' : ` of ${inWordsOf(word, 'a clinic')} ${clinic}`}.`,
  );
}

/** Milliseconds between comments that keep proxies from closing an idle connection. */
const heartbeat = 15_000;

/**
 * Sends journal entries as server-sent events until the reader leaves, or the journal ends: no more than the reader takes,
 * so that a slow one may miss some. With `Last-Event-ID`, as browsers send it, or `after`, it begins with the entries since
 * then.
 */
function streamJournal(journal: Journal, filter: JournalFilter, request: Request, response: Response): void {
  response.status(200);
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  let next = (filter.after ?? lastEventId(request, journal) ?? journal.newest) + 1;
  const isWanted = filterOf({ ...filter, after: undefined });
  const send = (): void => {
    while (!response.writableNeedDrain && !response.destroyed) {
      const entry = journal.from(next);
      if (!entry) return;
      next = entry.id + 1;
      if (isWanted(entry.id, entry))
        response.write(`id: ${entry.id}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`);
    }
  };
  send();
  response.on('drain', send);
  const unfollow = journal.follow({}, { entry: send, end: () => response.end() });
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, heartbeat).unref();
  response.once('close', () => {
    unfollow();
    clearInterval(timer);
  });
}

/** After a reset the ids restart, so an id above the newest is older than all entries. */
function lastEventId(request: Request, { newest }: Journal): number | undefined {
  const header = request.get('last-event-id');
  if (header === undefined || !/^\d{1,15}$/.test(header)) return undefined;
  return Number(header) > newest ? 0 : Number(header);
}
