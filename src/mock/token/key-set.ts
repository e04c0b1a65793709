import { Router, type Router as ExpressRouter } from 'express';
import { paths } from '../paths.ts';
import { jsonReply, send } from '../reply.ts';
import type { Sandbox } from '../sandbox.ts';

/** Publishes the keys that the tokens of a clinic are signed with, as a JSON Web Key Set (RFC 7517 section 5). */
export function keySet(sandbox: Sandbox): ExpressRouter {
  const router = Router();
  router.get(paths.keys.replace('{clinic}', ':clinic'), (request, response, next) => {
    if (!sandbox.fixtures.clinic(String(request.params.clinic))) return next();
    return send(response, jsonReply(200, sandbox.signingKeys.jwks(sandbox.clock.now())));
  });
  return router;
}
