import type { Mock } from '../mock/instances.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Handle } from '../mock/http/server.ts';

/** A mock that is opened when it is first needed, and all hosts that are played by it. Ends with the block. */
export interface LazyMock extends AsyncDisposable {
  /** Opens the mock, unless it is open or about to be. */
  mock(): Promise<Mock>;
  /** The mock, if it was ever opened. */
  opened(): Promise<Mock | undefined>;
  /** Answers in the place of a host; without one, as the mock at its own address. */
  handleOf(host?: string): Handle;
}

/**
 * @param open is called once at most.
 * @param more hosts that the mock answers for beside those of the specification.
 */
export function openLazyMock(open: () => Promise<{ mock: Mock; played: Played }>, more: readonly string[]): LazyMock {
  let opening: ReturnType<typeof open> | undefined;
  let hosts: Promise<ReadonlyMap<string, Handle>> | undefined;
  const opened = (): ReturnType<typeof open> => (opening ??= open());
  const play = async (): Promise<ReadonlyMap<string, Handle>> => {
    const { mock, played } = await opened();
    // What photos are served with comes behind this import: no program waits for it that only asks the API.
    const { interceptedHosts } = await import('./hosts.ts');
    return interceptedHosts(played, mock.handle, more);
  };
  const handleFor = async (host: string | undefined): Promise<Handle> => {
    const { mock } = await opened();
    if (host === undefined) return mock.handle;
    hosts ??= play();
    return (await hosts).get(host) ?? mock.handle;
  };
  return {
    mock: async () => (await opened()).mock,
    opened: async () => (await opening)?.mock,
    handleOf: (host) => (request, response) => {
      handleFor(host).then(
        (handle) => handle(request, response),
        () => response.destroy(),
      );
    },
    async [Symbol.asyncDispose]() {
      await (await opening)?.mock.close();
    },
  };
}
