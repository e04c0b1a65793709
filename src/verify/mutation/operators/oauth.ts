import type { OpenApiDocument } from '../../../openapi/document.ts';
import type { ClientCredentialsFlow } from '../../../spec/token-flow.ts';
import { answeringInstead, refusal } from '../edits.ts';
import type { Answer } from '../../../contract/strength/exchange.ts';
import { isObject, renamed, type JsonObject } from '../json.ts';
import type { Change, Draft, Operator } from '../mutant.ts';
import { rewrite, rewriteObject } from '../../../contract/strength/rewrite.ts';
import type { Subject } from '../targets.ts';

/** Operators on how a caller gets a token: the client credentials flow of a specification that has one. */
export const oauthOperators: Operator[] = [
  flowOperator('OAuth token URL', ({ api: { document } }, flow, tokens) => {
    const steps = [...stepsTo(flow), 'tokenUrl'];
    const specification = rewrite(document, steps, () => `${flow.tokenUrl}-moved`);
    return [{ place: 'tokenUrl', steps, specification, ...tokens('all', refusal(404)) }];
  }),
  flowOperator('OAuth flow', ({ api: { document } }, flow, tokens) => {
    const steps = stepsTo(flow);
    const specification = rewriteObject(document, steps.slice(0, -1), (flows) => toAuthorizationCode(flows, flow));
    const refused = refusal(400, { error: 'unsupported_grant_type' });
    return [{ place: 'flow', steps, specification, ...tokens('successful', refused) }];
  }),
  flowOperator('OAuth scope', ({ api: { document } }, flow, tokens) =>
    flow.scopes.map((scope) => ({
      place: `scope ${scope}`,
      steps: [...stepsTo(flow), 'scopes', scope],
      specification: withScope(document, flow, scope, `${scope}-renamed`),
      ...tokens('successful', refusal(400, { error: 'invalid_scope' })),
    })),
  ),
];

type Tokens = (which: 'all' | 'successful', other: Answer) => { operation: string; change?: Change; cure: string };

/** @param mutate is given, too, what changes the answers of the operation that issues tokens, if there is one. */
function flowOperator(
  name: string,
  mutate: (subject: Subject, flow: ClientCredentialsFlow, tokens: Tokens) => Draft[],
): Operator {
  return {
    name,
    expected: 'refused',
    mutate: (subject) => {
      const { flow, operations } = subject.api;
      const id = operations.find(({ issuesTokens }) => issuesTokens)?.id;
      const cure = 'an interaction with the token endpoint';
      const tokens: Tokens = (which, other) =>
        id === undefined
          ? { operation: flow?.scheme ?? '', cure }
          : { operation: id, cure, change: answeringInstead(id, which, other) };
      return flow ? mutate(subject, flow, tokens) : [];
    },
  };
}

function stepsTo({ scheme }: ClientCredentialsFlow): string[] {
  return ['components', 'securitySchemes', scheme, 'flows', 'clientCredentials'];
}

function toAuthorizationCode(flows: JsonObject, { tokenUrl, scopes }: ClientCredentialsFlow): JsonObject {
  const { clientCredentials: _, ...others } = flows;
  const named = Object.fromEntries(scopes.map((scope) => [scope, scope]));
  return { ...others, authorizationCode: { authorizationUrl: tokenUrl, tokenUrl, scopes: named } };
}

/** The specification with a scope under another name, in the flow and in every requirement. */
function withScope(
  document: OpenApiDocument,
  flow: ClientCredentialsFlow,
  scope: string,
  name: string,
): OpenApiDocument {
  const inRequirements = (security: unknown): unknown =>
    Array.isArray(security) ? security.map((each: unknown) => inRequirement(each)) : security;
  const inRequirement = (requirement: unknown): unknown => {
    const asked = isObject(requirement) ? requirement[flow.scheme] : undefined;
    if (!isObject(requirement) || !Array.isArray(asked)) return requirement;
    return { ...requirement, [flow.scheme]: asked.map((each: unknown) => (each === scope ? name : each)) };
  };
  let changed = rewriteObject(document, [...stepsTo(flow), 'scopes'], (scopes) => renamed(scopes, scope, name));
  if (document.security) changed = rewrite(changed, ['security'], inRequirements);
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      if (!isObject(operation) || !('security' in operation)) continue;
      changed = rewrite(changed, ['paths', path, method, 'security'], inRequirements);
    }
  }
  return changed;
}
