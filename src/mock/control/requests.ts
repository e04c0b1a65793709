import type { Request, Response } from 'express';
import type { operations } from '../../generated/control/types.ts';
import type { Reply } from '../http/reply.ts';

/** The operations of the control API. */
export type ControlOperationId = keyof operations;

type Content<Body> = Body extends { content: infer Types } ? Types[keyof Types] : undefined;

/** A request of the control API after it was checked against its specification. */
export interface ControlRequest<Id extends ControlOperationId> {
  path: operations[Id]['parameters'] extends { path: infer Path } ? Path : Record<string, never>;
  query: operations[Id]['parameters'] extends { query?: infer Query } ? NonNullable<Query> : Record<string, never>;
  body: operations[Id] extends { requestBody: infer Body }
    ? Content<Body>
    : operations[Id] extends { requestBody?: infer Body }
      ? Content<Exclude<Body, undefined>> | undefined
      : undefined;
}

/** What each operation of the control API does. */
export type Handlers<Result> = { [Id in ControlOperationId]: (request: ControlRequest<Id>) => Result };

/** What comes of a control request: an answer, or one that goes on for as long as the client listens. */
export type Outcome = Reply | Promise<Reply> | Stream;

export interface Stream {
  stream: (request: Request, response: Response) => void;
}
