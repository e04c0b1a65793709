import type { getHttpOperationsFromSpec, IHttpRequest } from '@stoplight/prism-http';
import type { Reply } from '../http/reply.ts';

/** An operation as Prism knows it. */
export type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number];

/** What may be asked of Prism beside the request itself. */
interface Wish {
  /** Whether a request that violates the specification gets the documented answer to that. */
  validateRequest: boolean;
  code?: number;
  exampleKey?: string;
  /** Whether the body is made up from the schema in the place of an example. */
  dynamic?: boolean;
}

/** Asks Prism for its answer of one operation. */
type Ask = (operation: PrismOperation, request: IHttpRequest, wish: Wish) => Promise<Reply>;

/**
 * Holds a request against the specification of one operation; each violation is a sentence. Undefined where the request
 * cannot even be read: its form, or what it says of its media type, is broken.
 */
type Check = (operation: PrismOperation, request: IHttpRequest) => string[] | undefined;

/** What Prism does here. */
export interface Prism {
  /** By what `identify` makes of them. */
  operations: ReadonlyMap<string, PrismOperation>;
  ask: Ask;
  check: Check;
}

/** What tells one operation of a document from the others. */
export function identify({ method, path }: { method: string; path: string }): string {
  return `${method.toLowerCase()} ${path}`;
}

/** Whether an operation has no input beside its path, which has no parameter: there is nothing in it to be checked. */
export function takesNothing({ request }: PrismOperation): boolean {
  const { body, path = [], query = [], headers = [] } = request ?? {};
  return body === undefined && path.length + query.length + headers.length === 0;
}
