import express, { type Express } from 'express';
import { answer } from './answer.ts';
import { bearer } from './bearer/bearer.ts';
import { body } from './body.ts';
import { control } from './control/control.ts';
import { fault } from './fault.ts';
import { handleError } from './handle-error.ts';
import { paths } from './paths.ts';
import { route } from './routing/route.ts';
import type { Sandbox } from './sandbox.ts';
import { keySet } from './token/key-set.ts';
import { tokenEndpoint } from './token/token-endpoint.ts';

/** The way of a request through the mock. */
export function createApp(sandbox: Sandbox): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(paths.control, control(sandbox));
  app.use(keySet(sandbox));
  app.use(route(sandbox.api.operations));
  app.use(body());
  app.use(fault(sandbox));
  app.use(tokenEndpoint(sandbox));
  app.use(bearer(sandbox));
  app.use(answer(sandbox));
  app.use(handleError);
  return app;
}
