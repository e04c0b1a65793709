import { Router, type PathMatch } from '../../openapi/match.ts';
import type { Operation } from '../../openapi/operations.ts';
import { bearerScopes } from '../auth/bearer.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { MockAnswer, MockRequest, Route } from '../http/request.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { paths, withTokenEndpoint } from './paths.ts';

/** Makes what finds the operation that a request is for; where there is none, the answer says which there are. */
export function routeFinder({ api, keys }: Sandbox): (request: MockRequest) => Route | MockAnswer {
  const operations = withTokenEndpoint(api.operations);
  const router = new Router(operations);
  return ({ method, path }) => {
    const match = router.match(path);
    if (!match) {
      // The answer repeats the path, but not what does not belong into it.
      const shown = keys.secrets.redact(path);
      const hint = hintFor(shown, router, operations);
      return { reply: unknownPath(shown, hint, operations), reason: hint?.reason ?? 'unknown_path' };
    }
    const found = match.get(method);
    if (!found) return { reply: wrongMethod(method, keys.secrets.redact(path), match), reason: 'wrong_method' };
    const { operation, parameters } = found;
    return { operation, path: path.slice(operation.serverPath.length), parameters };
  };
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
      ({ operation: each }) => !each.issuesTokens && bearerScopes(each),
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
