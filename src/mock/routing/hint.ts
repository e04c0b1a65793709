import type { Operation } from '../../spec/operation.ts';
import { paths } from './paths.ts';
import type { Router } from '../../openapi/match.ts';

/** A guess at what the caller of an unknown path meant. */
export interface Hint {
  text: string;
  /** Why the path is unknown, for the journal. */
  reason: 'unknown_path' | 'clinic_in_path';
}

/** The guess is derived from the operations of the specification alone. */
export function hintFor(path: string, router: Router<Operation>, operations: readonly Operation[]): Hint | undefined {
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
    const operation = [...(router.match(shorter)?.operations.values() ?? [])].find(
      ({ security, issuesTokens }) => security?.type === 'bearer' && !issuesTokens,
    );
    if (operation) {
      return `Leave "${segment}" out: ${shorter}. No id of a clinic stands in a path; the clinic follows from the bearer token.`;
    }
  }
  return undefined;
}
