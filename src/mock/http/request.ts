import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from '../../openapi/operations.ts';
import type { SetFault } from '../faults/faults.ts';
import type { ItemChange, Outcome } from '../state/change.ts';
import type { Answered } from '../state/journal.ts';
import type { Reply } from './reply.ts';

/** A request for an operation, as it reached the mock or a sandbox. */
export interface MockRequest {
  method: string;
  /** Without the prefix of a sandbox, percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  prefer: string | undefined;
  /** How many `Host` headers it has. */
  hosts: number;
  /** All `Authorization` headers; `headers` has only the first. */
  authorizations: string[];
  /** Reads the body; rejects with an HTTP error if it is too large or cannot be read. */
  readBody: (operation: Operation) => Promise<Buffer>;
  /** Waits so many milliseconds, while a client waits for the answer. */
  wait: (milliseconds: number) => Promise<void>;
  /** Where replicas share the state: the fault that strikes the request. */
  strike?: (operation: Operation, clinic: string | undefined) => Promise<SetFault | undefined>;
  /** The same: carries out a request that writes to a collection. */
  changeItems?: (change: ItemChange) => Promise<Outcome>;
}

export interface Route {
  operation: Operation;
  /** The path parameters, percent-decoded. */
  parameters: Record<string, string>;
}

/** The answer to a request, and what the journal says of both. */
export interface MockAnswer extends Partial<Pick<Answered, 'clientId' | 'tokenId' | 'reason' | 'fault'>> {
  reply: Reply;
  /** Until when (ms since 1970) the same request gets this answer if nothing in the sandbox changes, if known. */
  repeatableUntil?: number | undefined;
}
