import type { Request, Response } from 'express';
import type { Reply } from '../http/reply.ts';

/** What comes of a control request: an answer, or one that goes on for as long as the client listens. */
export type Outcome = Reply | Promise<Reply> | Stream;

export interface Stream {
  stream: (request: Request, response: Response) => void;
}
