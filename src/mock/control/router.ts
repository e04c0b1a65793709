import express, { type RequestHandler } from 'express';
import { operationTable } from '../../generated/control/operations.ts';
import { parameterNames } from '../../openapi/path-template.ts';
import { paths } from '../routing/paths.ts';
import { jsonReply, send, type Reply } from '../http/reply.ts';
import { Router } from '../../openapi/match.ts';
import { checkRequest } from './check-request.ts';
import { ControlError, statusOfCode } from './control-error.ts';
import type { Outcome, Stream } from './outcome.ts';
import type { ControlOperationId, Handlers } from './requests.ts';

/** Characters that a request may have. */
const limit = 1024 * 1024;

/** The mock's own control API, as `openapi/control.yaml` describes it. */
export function control(handlers: Handlers<Outcome>): RequestHandler[] {
  const router = new Router(Object.values(operationTable));
  const operations = Object.values(operationTable).map(({ method, path }) => `${method} ${paths.control}${path}`);

  const handle: RequestHandler = async (request, response) => {
    const [target = '', search = ''] = request.originalUrl.split('?');
    const match = router.match(target);
    const operation = match?.operations.get(request.method);
    if (!match)
      return send(response, jsonReply(404, { message: `The control API has no path ${target}.`, operations }));
    if (!operation) {
      const allowed = [...match.operations.keys()].toSorted().join(', ');
      return send(response, jsonReply(405, { message: `${target} takes only ${allowed}.` }, { Allow: allowed }));
    }
    const names = parameterNames(operation.path);
    const path = Object.fromEntries(names.map((name, index) => [name, match.values[index] ?? '']));
    const body = typeof request.body === 'string' ? request.body : '';
    const outcome = await carryOut(handlers, operation.id, path, new URLSearchParams(search), body);
    return 'stream' in outcome ? outcome.stream(request, response) : send(response, outcome);
  };

  return [express.text({ type: () => true, limit }), handle];
}

async function carryOut<Id extends ControlOperationId>(
  handlers: Pick<Handlers<Outcome>, Id>,
  id: Id,
  path: Record<string, string>,
  query: URLSearchParams,
  body: string,
): Promise<Reply | Stream> {
  try {
    return await handlers[id](await checkRequest(id, path, query, body));
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return jsonReply(statusOfCode[error.code], { message: error.message });
  }
}
