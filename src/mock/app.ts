import express, { type Express } from 'express';
import { answer } from './answer.ts';
import { bearer } from './bearer/bearer.ts';
import { body } from './body.ts';
import { control } from './control/control.ts';
import type { Controls } from './control/controls.ts';
import { guard } from './control/guard.ts';
import { handlersFor } from './control/handlers.ts';
import { injectFaults } from './faults/inject.ts';
import { handleError } from './handle-error.ts';
import { observe } from './observe.ts';
import { paths } from './paths.ts';
import { route } from './routing/route.ts';
import type { Sandbox } from './sandbox.ts';
import { keySet } from './token/key-set.ts';
import { tokenEndpoint } from './token/token-endpoint.ts';

/**
 * The way of a request through the mock.
 * @param reset puts a new sandbox in the place of this one.
 */
export function createApp(sandbox: Sandbox, controls: Controls, reset: () => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(paths.control, guard(), control(handlersFor(sandbox, controls, reset)));
  app.use(observe(sandbox.tell));
  app.use(keySet(sandbox));
  app.use(route(sandbox.api.operations));
  app.use(body());
  app.use(injectFaults(sandbox));
  app.use(tokenEndpoint(sandbox));
  app.use(bearer(sandbox));
  app.use(answer(sandbox));
  app.use(handleError(sandbox.errorStyle));
  return app;
}
