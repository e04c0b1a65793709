import { Router, type PathMatch } from '../../openapi/match.ts';
import type { Operation } from '../../openapi/operations.ts';
import type { MockHandler } from '../http/exchange.ts';
import { jsonReply, send, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { paths, withTokenEndpoint } from './paths.ts';

/** Finds the operation that a request is for; where there is none, says which there are. */
export function route(sandbox: Sandbox): MockHandler {
  const operations = withTokenEndpoint(sandbox.api.operations);
  const router = new Router(operations);
  return (request, response, next) => {
    const { path, query } = splitTarget(request.url);
    const match = router.match(path);
    if (!match) {
      // The answer repeats the path, but not what does not belong into it.
      const shown = sandbox.keys.secrets.redact(path);
      const hint = hintFor(shown, router, operations);
      response.locals.reason = hint?.reason ?? 'unknown_path';
      return send(response, unknownPath(shown, hint, operations));
    }
    const found = match.get(request.method);
    if (!found) {
      response.locals.reason = 'wrong_method';
      return send(response, wrongMethod(request.method, sandbox.keys.secrets.redact(path), match));
    }
    const { operation, parameters } = found;
    response.locals.route = { operation, path: path.slice(operation.serverPath.length), parameters, query };
    response.locals.send = async (reply) => send(response, reply);
    return next();
  };
}

/** Splits a request's target by hand: what a client sends need not be a URL that `URL` accepts. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return { path, query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)) };
}

/** A guess at what the caller of an unknown path meant. */
interface Hint {
  text: string;
  /** Why the path is unknown, for the journal. */
  reason: 'unknown_path' | 'clinic_in_path';
}

/** The guess is derived from the operations of the specification alone. */
function hintFor(path: string, router: Router<Operation>, operations: readonly Operation[]): Hint | undefined {
  const text = hintAtSandbox(path) ?? hintAtSlash(path, router) ?? hintAtServerPath(path, router, operations);
  if (text !== undefined) return { text, reason: 'unknown_path' };
  const tenant = hintAtTenant(path, router);
  return tenant === undefined ? undefined : { text: tenant, reason: 'clinic_in_path' };
}

/** What to do where a sandbox is missing. */
export const howToMakeOne = `POST ${paths.control}/sandboxes makes one; its URL stands in the answer.`;

function hintAtSandbox(path: string): string | undefined {
  const [, id] = /^\/s\/([^/]*)/.exec(path) ?? [];
  return id === undefined ? undefined : `There is no sandbox "${id}". ${howToMakeOne}`;
}

function hintAtSlash(path: string, router: Router<Operation>): string | undefined {
  const shorter = path.replace(/\/+$/, '');
  return shorter !== path && router.match(shorter) ? `Leave the slash at the end out: ${shorter}` : undefined;
}

function hintAtServerPath(
  path: string,
  router: Router<Operation>,
  operations: readonly Operation[],
): string | undefined {
  for (const serverPath of new Set(operations.map((operation) => operation.serverPath))) {
    if (serverPath !== '' && router.match(serverPath + path)) {
      return `The path lacks ${serverPath}, the path of the server: ${serverPath}${path}`;
    }
  }
  return undefined;
}

/** The path of an operation with one segment too many: most likely somebody's id of the clinic. */
function hintAtTenant(path: string, router: Router<Operation>): string | undefined {
  // What has more segments than that is no path of an operation without one of them: none of thousands is to be tried.
  const segments = path.split('/', router.deepest + 3);
  if (segments.length > router.deepest + 2) return undefined;
  for (const [index, segment] of segments.entries()) {
    if (index === 0) continue;
    const shorter = segments.toSpliced(index, 1).join('/');
    const operation = [...(router.match(shorter)?.values() ?? [])].find(
      ({ operation: { security, issuesTokens } }) => security.credentials?.type === 'bearer' && !issuesTokens,
    );
    if (operation) {
      return `Leave "${segment}" out: ${shorter}. No id of a clinic stands in a path; the clinic follows from the bearer token.`;
    }
  }
  return undefined;
}

/** The answer to a path that no operation has. */
function unknownPath(path: string, hint: Hint | undefined, operations: readonly Operation[]): Reply {
  return jsonReply(404, {
    message: `No operation of the specification has the path ${path}.`,
    hint: hint?.text,
    operations: listOperations(operations),
  });
}

/** The answer to a method that the operations of a path do not have. */
function wrongMethod(method: string, path: string, allowed: PathMatch<Operation>): Reply {
  const methods = [...allowed.keys()].toSorted();
  return jsonReply(
    405,
    {
      message: `${path} does not take ${method}, only ${methods.join(', ')}.`,
      operations: listOperations([...allowed.values()].map(({ operation }) => operation)),
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
