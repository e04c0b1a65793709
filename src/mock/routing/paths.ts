import type { Operation } from '../../openapi/operations.ts';
import { openToAll } from '../../openapi/security.ts';

export const paths = {
  issuer: '/auth/{clinic}',
  token: '/auth/{clinic}/oauth2/token',
  keys: '/auth/{clinic}/.well-known/jwks.json',
  control: '/_mock',
} as const;

/** Each clinic has a token URL, also where the specification does not describe the token endpoint at this path. */
export function withTokenEndpoint(specified: readonly Operation[]): Operation[] {
  const described = specified.some(({ serverPath, path }) => serverPath + path === paths.token);
  return described ? [...specified] : [tokenOperation, ...specified];
}

const tokenOperation: Operation = {
  id: 'token',
  method: 'post',
  path: paths.token,
  serverPath: '',
  serverPaths: [''],
  steps: [],
  summary: 'Exchange client credentials for a bearer token',
  security: openToAll,
  issuesTokens: true,
  parameters: [],
  requestTypes: ['application/x-www-form-urlencoded'],
  statuses: [],
};
