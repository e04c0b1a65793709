import type { Sandbox } from '../state/sandbox.ts';
import { OAuthError } from './oauth-error.ts';

/**
 * Decides which scopes a token request gets.
 * @throws OAuthError if the form asks for another grant than client credentials, or for a scope that does not exist.
 */
export function grantScopes({ api }: Sandbox, form: ReadonlyMap<string, string>): string[] {
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw new OAuthError('invalid_request', 'The form has no grant_type.');
  if (grantType !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'The only grant_type here is client_credentials.');
  }
  const known = api.flow?.scopes ?? [];
  const asked = form.get('scope')?.split(' ').filter(Boolean);
  if (!asked && api.tokens.scopeRequired) {
    throw new OAuthError('invalid_scope', `The form has no scope. Known: ${known.join(' ')}`);
  }
  if (asked?.some((scope) => !known.includes(scope))) {
    throw new OAuthError(
      'invalid_scope',
      `The scope is not one that this client may ask for. Known: ${known.join(' ')}`,
    );
  }
  return asked ?? known;
}
