import type { JournalFilter } from '../state/journal.ts';
import type { MockSandbox } from '../mock-sandbox.ts';
import { paths } from '../routing/paths.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Sandboxes } from '../sandboxes.ts';
import { ControlError } from './control-error.ts';
import type { Controls } from './controls.ts';
import { health } from './health.ts';
import type { Outcome } from './outcome.ts';
import { takeOnState } from './provider-states.ts';
import type { ControlRequest, Handlers } from './requests.ts';
import { streamJournal } from './stream-journal.ts';

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
