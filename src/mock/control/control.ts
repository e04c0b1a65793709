import express, { Router, type Router as ExpressRouter } from 'express';
import { handleError } from '../handle-error.ts';
import { jsonReply, send } from '../reply.ts';
import type { Sandbox } from '../sandbox.ts';
import { health } from './health.ts';
import { providerStates } from './provider-states.ts';

/** The mock's own control API, under `/_mock`. */
export function control(sandbox: Sandbox): ExpressRouter {
  const router = Router();
  router.get('/health', (_request, response) => send(response, health(sandbox)));
  router.post('/provider-states', express.json({ limit: '64kb', type: () => true }), async (request, response) =>
    send(response, await providerStates(sandbox, request.body)),
  );
  router.use((request, response) =>
    send(response, jsonReply(404, { message: `The control API has no ${request.method} ${request.originalUrl}.` })),
  );
  router.use(handleError);
  return router;
}
