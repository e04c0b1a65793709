import { jsonReply, type Reply } from '../reply.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Controls } from './controls.ts';
import { health } from './health.ts';
import { takeOnState } from './provider-states.ts';
import type { Handlers } from './requests.ts';

const done: Reply = { status: 204, headers: {}, body: undefined };

/** What each operation of the control API does to a sandbox. */
export function handlersFor(sandbox: Sandbox, controls: Controls, reset: () => void): Handlers<Reply | Promise<Reply>> {
  const { keys, answers, faults, journal, clock } = controls;
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
    readJournal: ({ query: { status, ...filter } }) =>
      jsonReply(200, {
        entries: journal.find({ ...filter, status: status === undefined ? undefined : Number(status) }),
        dropped: journal.dropped,
      }),
    clearJournal: () => {
      journal.clear();
      return done;
    },
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
    changeProviderState: async ({ body }) => jsonReply(200, await takeOnState(sandbox, body)),
  };
}
