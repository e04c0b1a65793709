import type { Operation } from '../../openapi/operations.ts';
import { noSuch } from '../../util/did-you-mean.ts';
import { decodePercent } from '../../util/http.ts';
import { accountWord } from '../clinics/account.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { MockAnswer, MockRequest, Route } from '../http/request.ts';
import { missingExample, readPreference } from '../prism/preference.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { authenticateClient, type TokenRequest } from './client-authentication.ts';
import { issueToken } from './issue-token.ts';
import { noStore, OAuthError, oauthErrorReply } from './oauth-error.ts';

/** The clinic that a token URL names, if it names one. */
export function clinicInTokenUrl({ parameters }: Route): string | undefined {
  return Object.values(parameters)[0];
}

/** Answers a token request (RFC 6749 section 4.4). @param signs false if a fault replaces the body. */
export async function answerTokenRequest(
  sandbox: Sandbox,
  route: Route,
  request: TokenRequest,
  prefer: string | undefined,
  signs: boolean,
): Promise<MockAnswer> {
  const clinic = clinicInTokenUrl(route);
  if (clinic !== undefined && !sandbox.fixtures.clinic(clinic))
    return { reply: unknownClinic(sandbox, clinic), reason: 'unknown_clinic' };
  try {
    if (request.mistake) throw request.mistake;
    const key = authenticateClient(sandbox, clinic, request);
    const { clientId } = key;
    const scopes = grantScopes(sandbox, request.form);
    const preferred = await preferredReply(sandbox, route.operation, prefer);
    if (preferred) return { reply: preferred, clientId, fault: 'prefer' };
    if (!signs) return { reply: jsonReply(200, {}, noStore), clientId };
    const { token, id } = await issueToken(sandbox, key, scopes);
    const body = { access_token: token, token_type: 'Bearer', expires_in: sandbox.api.tokens.lifetime };
    return { reply: jsonReply(200, body, noStore), clientId, tokenId: id };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { reply: oauthErrorReply(error, sandbox.errorStyle), reason: error.reason };
  }
}

function unknownClinic(sandbox: Sandbox, clinic: string): Reply {
  return jsonReply(404, {
    message: `There is no ${accountWord(sandbox.api)} ${clinic} here.`,
    tokenUrls: sandbox.fixtures.ids().map((id) => sandbox.tokenUrl(id)),
  });
}

/** @throws OAuthError if the form asks for another grant, or for a scope that does not exist. */
function grantScopes({ api }: Sandbox, form: ReadonlyMap<string, string>): string[] {
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw new OAuthError('invalid_request', 'The form has no grant_type.');
  if (grantType !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'The only grant_type here is client_credentials.');
  }
  const known = api.scopes;
  const asked = form.get('scope')?.split(' ').filter(Boolean);
  if (!asked && api.tokens.scopeRequired) {
    throw new OAuthError('invalid_scope', `The form has no scope. Known: ${known.join(' ')}`);
  }
  if (asked?.some((scope) => !known.includes(scope))) {
    const description = `The scope is not one that this client may ask for. Known: ${known.join(' ')}`;
    throw new OAuthError('invalid_scope', description);
  }
  return asked ?? known;
}

/** The answer that a valid token request prefers instead of the token. */
async function preferredReply(sandbox: Sandbox, operation: Operation, prefer = ''): Promise<Reply | undefined> {
  const preference = readPreference(prefer);
  const { code, example } = preference ?? {};
  if (preference === undefined || code === undefined || code === 200) return undefined;
  if (!operation.statuses.includes(String(code))) {
    return jsonReply(404, { message: noSuch('status', `${code} of ${operation.id}`, operation.statuses) });
  }
  return missingExample(sandbox.api, operation, preference) ?? sandbox.answers.documented(operation, code, example);
}

// RFC 8414 section 3.1 puts the well-known name in front of the issuer's path, OpenID Connect behind it.
const published = /^(?:\/\.well-known\/(?<first>[a-z-]+))?\/auth\/(?<id>[^/]+)(?:\/\.well-known\/(?<last>[a-z.-]+))?$/;

/**
 * Answers a request for what a clinic's issuer publishes: its public signing keys (RFC 7517 section 5), and where to get
 * tokens (RFC 8414, OpenID Connect Discovery).
 */
export function publishedByIssuer(sandbox: Sandbox, { method, path }: MockRequest): Reply | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const { first, last, id = '' } = published.exec(path)?.groups ?? {};
  const clinic = sandbox.fixtures.clinic(decodePercent(id))?.id;
  if (clinic === undefined || (first !== undefined && last !== undefined)) return undefined;
  const name = first ?? last;
  if (name === 'jwks.json') return jsonReply(200, sandbox.signingKeys.jwks(sandbox.clock.now()));
  if (name !== 'oauth-authorization-server' && name !== 'openid-configuration') return undefined;
  return jsonReply(200, {
    issuer: sandbox.issuer(clinic),
    token_endpoint: sandbox.tokenUrl(clinic),
    jwks_uri: `${sandbox.issuer(clinic)}/.well-known/jwks.json`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    scopes_supported: sandbox.api.scopes,
  });
}
