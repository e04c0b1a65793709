import { Router, type PathMatch } from '../../openapi/match.ts';
import type { Operation } from '../../openapi/operations.ts';
import { identifiesClinic } from '../auth/admit.ts';
import { accountWord, inWordsOf, type AccountWord } from '../clinics/account.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { MockAnswer, MockRequest, Route } from '../http/request.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { paths, servedOperations } from './paths.ts';

/** An answer to a request without an operation; `near` have its path, and may document the answer. */
type Astray = MockAnswer & { near?: Operation[] };

/** Finds the operation of a request; if there is none, the answer lists the operations. */
export function routeFinder({ api, keys }: Sandbox): (request: MockRequest) => Route | Astray {
  const operations = servedOperations(api);
  const router = new Router(operations);
  return ({ method, path, query, headers }) => {
    const match = router.match(path, decodeURIComponent, (name, value) => {
      const header = headers[name.toLowerCase()];
      return query.has(name, value) || (value === undefined ? header !== undefined : header === value);
    });
    if (!match) {
      // The answer repeats the path, without secrets.
      const shown = keys.secrets.redact(path);
      const hint = hintFor(shown, router, operations, accountWord(api));
      return { reply: unknownPath(shown, hint, operations), reason: hint?.reason ?? 'unknown_path' };
    }
    // Servers answer HEAD as GET, without the body, and say what a path takes (RFC 9110, sections 9.1 and 9.3.7).
    const found = match.get(method) ?? (method === 'HEAD' ? match.get('GET') : undefined);
    if (!found && method === 'OPTIONS') return { reply: allowedMethods(match) };
    if (!found) {
      const near = [...match.values()].map(({ operation }) => operation);
      return { reply: wrongMethod(method, keys.secrets.redact(path), match), reason: 'wrong_method', near };
    }
    const { operation, parameters } = found;
    return { operation, parameters };
  };
}

/** A guess at what the caller meant, derived from the operations alone; the reason is the journal's. */
interface Hint {
  text: string;
  reason: 'unknown_path' | 'clinic_in_path';
}

export const howToMakeOne = `POST ${paths.control}/sandboxes creates one and returns its URL.`;

function hintFor(
  path: string,
  router: Router<Operation>,
  operations: readonly Operation[],
  word: AccountWord,
): Hint | undefined {
  const [, sandbox] = /^\/s\/([^/]*)/.exec(path) ?? [];
  if (sandbox !== undefined) {
    return { text: `There is no sandbox "${sandbox}". ${howToMakeOne}`, reason: 'unknown_path' };
  }
  const shorter = path.replace(/(?<!\/)\/+$/, '');
  if (shorter !== path && router.match(shorter)) {
    return { text: `Remove the trailing slash: ${shorter}`, reason: 'unknown_path' };
  }
  const servers = new Set(operations.flatMap(({ serverPaths }) => serverPaths));
  const missing = [...servers].find((server) => server !== '' && router.match(server + path));
  if (missing !== undefined) {
    return { text: `The path lacks the server's path ${missing}: ${missing}${path}`, reason: 'unknown_path' };
  }
  return hintAtClinic(path, router, word);
}

function hintAtClinic(path: string, router: Router<Operation>, word: AccountWord): Hint | undefined {
  // A path with more segments than this has none to remove: thousands need not be tried.
  const segments = path.split('/', router.deepest + 3);
  if (segments.length > router.deepest + 2) return undefined;
  for (const [index, segment] of segments.entries()) {
    if (index === 0) continue;
    const shorter = segments.toSpliced(index, 1).join('/');
    const matches = [...(router.match(shorter)?.values() ?? [])];
    if (!matches.some(({ operation }) => !operation.issuesTokens && identifiesClinic(operation))) continue;
    const why = inWordsOf(word, 'Paths have no clinic id; the bearer token identifies the clinic.');
    return { text: `Remove "${segment}": ${shorter}. ${why}`, reason: 'clinic_in_path' };
  }
  return undefined;
}

function unknownPath(path: string, hint: Hint | undefined, operations: readonly Operation[]): Reply {
  return jsonReply(404, {
    message: `No operation of the specification has the path ${path}.`,
    hint: hint?.text,
    operations: listOperations(operations),
  });
}

function allowedMethods(match: PathMatch<Operation>): Reply {
  const methods = [...match.keys(), ...(match.has('GET') ? ['HEAD'] : []), 'OPTIONS'];
  return { status: 204, headers: { Allow: [...new Set(methods)].toSorted().join(', ') }, body: undefined };
}

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
