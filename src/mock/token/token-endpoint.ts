import { claimantOf } from '../auth/claimed-identity.ts';
import type { Exchange, MockHandler } from '../http/exchange.ts';
import { readPreference } from '../prism/preference.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { authenticateClient } from './client-authentication.ts';
import { readForm } from './form.ts';
import { grantScopes } from './grant.ts';
import { issueToken } from './issue-token.ts';
import { noStore, OAuthError, oauthErrorReply } from './oauth-error.ts';
import { preferredAnswer } from './preferred.ts';

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
