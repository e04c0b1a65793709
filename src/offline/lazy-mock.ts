import type { Mock } from '../mock/mock.ts';
import type { Handle } from '../mock/serve.ts';

/** A mock that is opened when it is first needed. Ends with the block, if it was ever opened. */
export interface LazyMock extends AsyncDisposable {
  /** Opens it, unless it is open or about to be. */
  get(): Promise<Mock>;
  /** The mock, if it was ever opened. */
  opened(): Promise<Mock | undefined>;
  handle: Handle;
}

/** @param open is called once at most. */
export function lazyMock(open: () => Promise<Mock>): LazyMock {
  let opening: Promise<Mock> | undefined;
  const get = (): Promise<Mock> => (opening ??= open());
  return {
    get,
    opened: async () => opening,
    handle: (request, response) => {
      get().then(
        (mock) => mock.handle(request, response),
        () => response.destroy(),
      );
    },
    async [Symbol.asyncDispose]() {
      await (await opening)?.close();
    },
  };
}
