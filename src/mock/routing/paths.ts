import type { Api } from '../../openapi/api.ts';
import { tokenPaths, type Operation } from '../../openapi/operations.ts';
import { openToAll } from '../../openapi/security.ts';

export const paths = {
  issuer: '/auth/{clinic}',
  token: '/auth/{clinic}/oauth2/token',
  control: '/_mock',
} as const;

type Served = Pick<Api, 'document' | 'operations' | 'finder'>;

/**
 * The operations that the mock answers: those of the specification, the token URL of each clinic, and the token URLs of
 * its OAuth flows that it does not describe as operations.
 */
export function servedOperations({ document, operations, finder }: Served): Operation[] {
  const wanted = [paths.token, ...tokenPaths(document)];
  const missing = wanted.filter((path) => finder.find('POST', path).kind !== 'operation');
  return [...missing.map(tokenOperation), ...operations];
}

/** Where clients are told to get tokens: the token URL of the document, or that of the clinic. */
export function tokenTemplate({ document, finder }: Served): string {
  const [first] = tokenPaths(document);
  if (first === undefined) return paths.token;
  const found = finder.find('POST', first);
  // The bundled document names a clinic in its token URL, and describes the path with a parameter.
  return found.kind === 'operation' && Object.keys(found.parameters).length > 0 ? paths.token : first;
}

function tokenOperation(path: string): Operation {
  return {
    id: 'token',
    method: 'post',
    path,
    serverPath: '',
    serverPaths: [''],
    steps: [],
    summary: 'Exchange client credentials for a bearer token',
    security: openToAll,
    issuesTokens: true,
    parameters: [],
    requestTypes: ['application/x-www-form-urlencoded'],
    statuses: [],
    usualStatus: undefined,
  };
}
