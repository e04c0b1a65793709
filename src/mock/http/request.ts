import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from '../../openapi/operations.ts';
import type { Answered } from '../state/journal.ts';
import type { Reply } from './reply.ts';

/** A request of the API or of a token, as it reached the mock or one of its sandboxes. */
export interface MockRequest {
  method: string;
  /** Without the path of a sandbox, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The `Prefer` header. */
  prefer: string | undefined;
  /** Each `Authorization` header; Node shows only the first of them in `headers`. */
  authorizations: string[];
  /** Reads the body, up to the limit of the operation. Rejects with the HTTP error of a body that cannot be read. */
  readBody: (operation: Operation) => Promise<Buffer>;
  /** Resolves when the connection ends. */
  closed: Promise<void>;
}

/** The operation that a request is for. */
export interface Route {
  operation: Operation;
  /** The path of the request without the server's path, still percent-encoded. */
  path: string;
  /** Values of the path's parameters, percent-decoded. */
  parameters: Record<string, string>;
}

/** The answer to a request, and what the journal says of both. */
export interface MockAnswer extends Partial<Pick<Answered, 'clientId' | 'tokenId' | 'reason' | 'fault'>> {
  reply: Reply;
  /**
   * Until when the same request gets the same answer if nothing in the sandbox is changed, in milliseconds since 1970.
   * Undefined where that is not known.
   */
  repeatableUntil?: number | undefined;
}
