import type { Operation } from '../../openapi/operations.ts';
import { noSuch } from '../../util/did-you-mean.ts';
import { claimantOf } from '../auth/claimed-identity.ts';
import type { Exchange, MockHandler } from '../http/exchange.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { readPreference, type Preference } from '../prism/preference.ts';
import { missingExample } from '../prism/respond.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { authenticateClient, readForm } from './client-authentication.ts';
import { issueToken } from './issue-token.ts';
import { noStore, OAuthError, oauthErrorReply } from './oauth-error.ts';

/** Answers `POST` to a clinic's token URL by the client credentials grant of RFC 6749 section 4.4. */
export function tokenEndpoint(sandbox: Sandbox): MockHandler {
  return async (request, response, next) => {
    const { operation, parameters } = response.locals.route;
    if (!operation.issuesTokens) return next();
    const [clinic] = Object.values(parameters);
    response.locals.clinic = clinic === undefined ? undefined : sandbox.fixtures.clinic(clinic);
    const { key, authentication } = claimantOf(sandbox, operation, request.get('authorization'), request.body);
    const claimedClinic = clinic === undefined ? key?.clinic : undefined;
    Object.assign(response.locals, { claimedClinic, clientId: key?.clientId, authentication });
    try {
      const granted = await grant(sandbox, clinic, response.locals, {
        authorization: request.get('authorization'),
        contentType: request.get('content-type'),
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      });
      const preferred = await preferredAnswer(sandbox, operation, readPreference(request.get('prefer')));
      if (!preferred) return await response.locals.send(granted);
      response.locals.fault ??= 'prefer';
      return await response.locals.send(preferred);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      response.locals.reason = error.reason;
      return response.locals.send(oauthErrorReply(error, sandbox.errorStyle));
    }
  };
}

interface TokenRequest {
  authorization: string | undefined;
  contentType: string | undefined;
  body: Buffer;
}

/** @throws OAuthError if the request is refused. */
async function grant(
  sandbox: Sandbox,
  clinic: string | undefined,
  exchange: Exchange,
  request: TokenRequest,
): Promise<Reply> {
  if (clinic !== undefined && !sandbox.fixtures.clinic(clinic)) return unknownClinic(sandbox, clinic);
  const form = readForm(request.contentType, request.body);
  const key = authenticateClient(sandbox, clinic, request.authorization, form);
  exchange.clientId = key.clientId;
  const { token, id } = await issueToken(sandbox, key, grantScopes(sandbox, form));
  exchange.tokenId = id;
  const { lifetime } = sandbox.api.tokens;
  return jsonReply(200, { access_token: token, token_type: 'Bearer', expires_in: lifetime }, noStore);
}

function unknownClinic(sandbox: Sandbox, clinic: string): Reply {
  return jsonReply(404, {
    message: `There is no clinic ${clinic} here.`,
    tokenUrls: sandbox.fixtures.ids().map((id) => sandbox.tokenUrl(id)),
  });
}

/**
 * Decides which scopes a token request gets.
 * @throws OAuthError if the form asks for another grant than client credentials, or for a scope that does not exist.
 */
function grantScopes({ api }: Sandbox, form: ReadonlyMap<string, string>): string[] {
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

/** The answer of another status that a good token request prefers; undefined where it prefers none but the usual. */
async function preferredAnswer(
  sandbox: Sandbox,
  operation: Operation,
  preference: Preference | undefined,
): Promise<Reply | undefined> {
  const { code, example } = preference ?? {};
  if (preference === undefined || code === undefined || code === 200) return undefined;
  if (!operation.statuses.includes(String(code))) {
    return jsonReply(404, { message: noSuch('status', `${code} of ${operation.id}`, operation.statuses) });
  }
  return missingExample(sandbox, operation, preference) ?? sandbox.answers.documented(operation, code, example);
}
