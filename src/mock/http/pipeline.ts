import express, { type Express } from 'express';
import { answer } from '../prism/respond.ts';
import { bearer } from '../auth/bearer.ts';
import { body } from '../body.ts';
import { control } from '../control/router.ts';
import type { Controls } from '../control/controls.ts';
import { guard } from '../control/guard.ts';
import { handlersFor, type Beyond } from '../control/handlers.ts';
import { injectFaults } from '../faults/inject.ts';
import { handleError } from '../handle-error.ts';
import { observe } from './record-request.ts';
import { paths } from '../routing/paths.ts';
import { route } from '../routing/route.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { loaded } from '../loaded.ts';
import { keySet } from '../token/jwks.ts';
import { tokenEndpoint } from '../token/token-endpoint.ts';
import { validate } from '../validate.ts';

/** The way of a request through the mock. */
export function createApp(sandbox: Sandbox, controls: Controls, beyond: Beyond): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(paths.control, guard(sandbox.controlToken), loaded(sandbox), control(handlersFor(sandbox, controls, beyond)));
  app.use(observe(sandbox));
  app.use(keySet(sandbox));
  app.use(route(sandbox));
  app.use(body());
  app.use(validate(sandbox));
  app.use(injectFaults(sandbox));
  app.use(tokenEndpoint(sandbox));
  app.use(bearer(sandbox));
  app.use(answer(sandbox));
  app.use(handleError(sandbox.errorStyle));
  return app;
}
