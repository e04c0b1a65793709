import type { IHttpRequest } from '@stoplight/prism-http';
import type { RequestHandler } from 'express';
import type { Operation } from '../../openapi/operations.ts';
import type { Answered } from '../state/journal.ts';
import type { Clinic } from '../clinics/clinic.ts';
import type { Reply } from './reply.ts';

/** What the steps of a request's way through the mock hand on to each other. */
export interface Exchange extends Record<string, unknown> {
  /** Why the request was refused; set by whoever refuses it. */
  reason?: string;
  /** The key whose credentials or token the request presents. */
  clientId?: string | undefined;
  /** The clinic that the request says it is for, where nothing of that was checked. */
  claimedClinic?: string | undefined;
  /** The id of the token that the request presents or is given. */
  tokenId?: string | undefined;
  /** How the client authenticates. */
  authentication?: Answered['authentication'];
  /** The id of the fault that strikes the request. */
  fault?: string;
  /** The request as Prism sees it; undefined where it cannot be read. Set by `validate`. */
  described?: IHttpRequest | undefined;
  /** What in the request violates the specification. Set by `validate`. */
  violations?: string[] | undefined;
  /** The operation that the request is for; set by `route`. */
  route: Route;
  /** Sends the answer, unless a fault makes something else of it; set by `route`, and by a fault that strikes. */
  send: (reply: Reply) => Promise<void>;
  /** The clinic that the bearer token stands for; undefined where the operation is open to all. Set by `bearer`. */
  clinic: Clinic | undefined;
}

export interface Route {
  operation: Operation;
  /** The path of the request without the server's path, still percent-encoded. */
  path: string;
  /** Values of the path's parameters, percent-decoded. */
  parameters: Record<string, string>;
  query: URLSearchParams;
}

/** A step of a request's way. */
export type MockHandler = RequestHandler<Record<string, string>, unknown, unknown, unknown, Exchange>;
