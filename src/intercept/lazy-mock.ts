import type { Mock } from '../mock/instances.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Handle } from '../mock/http/server.ts';
import { messageOf } from '../util/errors.ts';
import { sendLine } from './proxy/respond.ts';

/** A mock that is opened on first use and closed with the block. */
export interface LazyMock extends AsyncDisposable {
  mock(): Promise<Mock>;
  /** The mock, if it was ever opened, and could be. */
  opened(): Promise<Mock | undefined>;
  /** Answers requests to a host; by default, to the mock's own address. */
  handleOf(host?: string): Handle;
}

/** @param more hosts that the mock answers for besides those of the specification. */
export function openLazyMock(open: () => Promise<{ mock: Mock; played: Played }>, more: readonly string[]): LazyMock {
  let opening: ReturnType<typeof open> | undefined;
  let hosts: Promise<ReadonlyMap<string, Handle>> | undefined;
  const opened = (): ReturnType<typeof open> => (opening ??= open());
  const handleFor = async (host: string | undefined): Promise<Handle> => {
    const { mock, played } = await opened();
    if (host === undefined) return mock.handle;
    // Imported late, with all that serves photos, so that a program does not wait for it before its first request.
    hosts ??= import('./hosts.ts').then(({ interceptedHosts }) => interceptedHosts(played, mock.handle, more));
    return (await hosts).get(host) ?? mock.handle;
  };
  return {
    mock: async () => (await opened()).mock,
    opened: async () => (await opening?.catch(() => undefined))?.mock,
    handleOf: (host) => (request, response) => {
      handleFor(host)
        .then((handle) => handle(request, response))
        .catch((error: unknown) => {
          if (response.headersSent) response.destroy();
          else sendLine(response, 502, `The mock cannot answer: ${messageOf(error)}`);
        });
    },
    async [Symbol.asyncDispose]() {
      // Who needed the mock has been told why it could not be opened.
      await (await opening?.catch(() => undefined))?.mock.close();
    },
  };
}
