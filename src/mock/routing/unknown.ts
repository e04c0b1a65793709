import type { Operation } from '../../spec/operation.ts';
import type { Reply } from '../http/reply.ts';
import { jsonReply } from '../http/reply.ts';
import type { Hint } from './hint.ts';
import type { PathMatch } from '../../openapi/match.ts';

/** The answer to a path that no operation has. */
export function unknownPath(path: string, hint: Hint | undefined, operations: readonly Operation[]): Reply {
  return jsonReply(404, {
    message: `No operation of the specification has the path ${path}.`,
    hint: hint?.text,
    operations: listOperations(operations),
  });
}

/** The answer to a method that the operations of a path do not have. */
export function wrongMethod(method: string, path: string, { operations: allowed }: PathMatch<Operation>): Reply {
  const methods = [...allowed.keys()].toSorted();
  return jsonReply(
    405,
    {
      message: `${path} does not take ${method}, only ${methods.join(', ')}.`,
      operations: listOperations([...allowed.values()]),
    },
    { Allow: methods.join(', ') },
  );
}

function listOperations(operations: readonly Operation[]): object[] {
  return operations.map(({ id, method, serverPath, path, summary }) => ({
    operationId: id,
    method: method.toUpperCase(),
    path: serverPath + path,
    summary,
  }));
}
