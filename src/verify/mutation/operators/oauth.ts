import { entriesOf } from '../../../util/json.ts';
import type { OpenApiDocument } from '../../../openapi/document.ts';
import { documentedStatus } from '../../../openapi/responses.ts';
import type { ClientCredentialsFlow } from '../../../openapi/security.ts';
import { answeringAt, answeringInstead, isSuccessful, refusal, rewrite, rewriteObject } from '../edits.ts';
import { isObject, renamed, without, type JsonObject } from '../json.ts';
import type { RecordedResponse, ResponseChange, MutantDraft, Operator } from '../mutant.ts';
import { isSuccess, type Subject } from '../targets.ts';
import { fieldOperator, operationOperator } from './define.ts';

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

type Tokens = (
  which: 'all' | 'successful',
  other: RecordedResponse,
) => { operation: string; change?: ResponseChange; cure: string };

/** @param mutate is given, too, what changes the answers of the operation that issues tokens, if there is one. */
function flowOperator(
  name: string,
  mutate: (subject: Subject, flow: ClientCredentialsFlow, tokens: Tokens) => MutantDraft[],
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
    for (const [method, operation] of entriesOf(item)) {
      if (!isObject(operation) || !('security' in operation)) continue;
      changed = rewrite(changed, ['paths', path, method, 'security'], inRequirements);
    }
  }
  return changed;
}

const unauthorized = refusal(401);

/** Operators on what a caller must present, and on the token itself. */
export const securityOperators: Operator[] = [
  operationOperator('scope added', 'a request that succeeds for', ({ api: { document } }, operation) => {
    const { id, path, method } = operation;
    const { credentials } = operation.security;
    if (credentials?.type !== 'bearer' || operation.issuesTokens) return [];
    const asked = [{ [credentials.scheme]: [...credentials.scopes, 'another-scope'] }];
    return [
      {
        place: 'security',
        steps: ['paths', path, method],
        specification: rewriteObject(document, ['paths', path, method], (each) => ({ ...each, security: asked })),
        change: answeringInstead(id, 'successful', refusal(403)),
      },
    ];
  }),
  operationOperator(
    'auth method',
    'a request that succeeds for',
    ({ api: { document } }, { id, path, method, security }) => {
      if (!security.credentials) return [];
      const key = { type: 'apiKey', in: 'header', name: 'X-API-Key' };
      const scheme = rewrite(document, ['components', 'securitySchemes', 'anotherScheme'], () => key);
      return [
        {
          place: 'security',
          steps: ['paths', path, method],
          specification: rewriteObject(scheme, ['paths', path, method], (each) => ({
            ...each,
            security: [{ anotherScheme: [] }],
          })),
          change: answeringInstead(id, 'successful', unauthorized),
        },
      ];
    },
  ),
  operationOperator(
    'auth not enforced',
    'a refused request for',
    ({ api: { document } }, { id, path, method, security, statuses }) => {
      if (!security.credentials) return [];
      return ['401', '403']
        .filter((status) => statuses.includes(status))
        .map((status) => ({
          place: status,
          steps: ['paths', path, method],
          specification: rewriteObject(document, ['paths', path, method], (each) => ({ ...each, security: [] })),
          change: succeeding(id, status),
        }));
    },
  ),
  fieldOperator('token_type', 'the value', (document, field) => {
    if (!field.answer.operation.issuesTokens || !isSuccess(field.answer) || field.property?.name !== 'token_type')
      return undefined;
    return {
      specification: rewrite(document, field.steps, () => ({ type: 'string', enum: ['mac'] })),
      change: answeringAt(field, () => 'mac'),
    };
  }),
  fieldOperator('expires_in', 'a matcher of a number above 0', (document, field) => {
    if (!field.answer.operation.issuesTokens || !isSuccess(field.answer) || field.property?.name !== 'expires_in')
      return undefined;
    return {
      ...('minimum' in field.schema && {
        specification: rewriteObject(document, field.steps, (schema) => without(schema, 'minimum')),
      }),
      change: answeringAt(field, () => -1),
    };
  }),
];

/** What was refused with a status gets the answer of a request for the same operation that succeeded. */
function succeeding(operation: string, status: string): ResponseChange {
  return (exchange, all) => {
    if (exchange.operation !== operation || documentedStatus([status], exchange.answer.status) !== status)
      return exchange.answer;
    const success = all.find((other) => other.operation === operation && isSuccessful(other.answer));
    return success?.answer ?? refusal(200);
  };
}
