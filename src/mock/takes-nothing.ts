import type { PrismOperation } from './prism/types.ts';

/** Whether an operation has no input beside its path, which has no parameter: there is nothing in it to be checked. */
export function takesNothing({ request }: PrismOperation): boolean {
  const { body, path = [], query = [], headers = [] } = request ?? {};
  return body === undefined && path.length + query.length + headers.length === 0;
}
