import { startMock, type Mock } from '../../src/mock/index.ts';
import { prepareChild, type ChildOptions, type PreparedChild } from '../../src/intercept/child/prepare.ts';
import { keyOf, tokenUrlOf } from './http.ts';
import { startInterceptingProxy, type InterceptingProxy } from './intercepting-proxy.ts';

/** The host that unmodified programs have written into them. */
export const host = 'api.nextgen.arzamed.com';

/** A mock, and a proxy that hands it what programs send to the real host. Ends with the block. */
export interface ChildWorld extends AsyncDisposable {
  mock: Mock;
  proxy: InterceptingProxy;
  /** An environment whose programs meet the mock. */
  prepare(options?: Partial<ChildOptions>): PreparedChild;
}

export async function startChildWorld(): Promise<ChildWorld> {
  const mock = await startMock();
  const proxy = await startInterceptingProxy([host], mock.url);
  const credentials = { ...keyOf(mock, 'bianchi'), tokenUrl: tokenUrlOf(mock, 'bianchi'), baseUrl: mock.baseUrl };
  const common = { proxy: proxy.url, hosts: [host], authority: proxy.authority, credentials };
  return {
    mock,
    proxy,
    prepare: (options = {}) => prepareChild({ ...common, ...options }),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await mock.close();
    },
  };
}
