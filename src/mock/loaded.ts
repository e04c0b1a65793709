import type { RequestHandler } from 'express';
import type { Sandbox } from './state/sandbox.ts';

/** Waits until Prism is loaded, and nothing is put off, which whoever looks at the mock or changes it takes for granted. */
export function loaded(sandbox: Sandbox): RequestHandler {
  return async (_request, _response, next) => {
    await sandbox.answers.load();
    sandbox.answers.catchUp();
    return next();
  };
}
