import type { OpenApiDocument } from '../../../openapi/document.ts';
import { documentedStatus } from '../../../openapi/responses.ts';
import { scopesOf, type ClientCredentialsFlow, type OperationSecurity } from '../../../openapi/security.ts';
import { entriesOf, fieldsOf, isFields } from '../../../util/json.ts';
import { answeringInstead, isSuccessful, refusal, rewrite, rewriteObject } from '../edits.ts';
import { renamed, without } from '../json.ts';
import type { RecordedResponse, ResponseChange, MutantDraft, Operator } from '../mutant.ts';
import { isSuccess, type FieldPlace, type Subject } from '../targets.ts';
import { fieldOperator, operationOperator } from './define.ts';

export const oauthOperators: Operator[] = [
  flowOperator('OAuth token URL', ({ api: { document } }, flow, tokens) => {
    const steps = [...stepsTo(flow), 'tokenUrl'];
    const specification = rewrite(document, steps, () => `${flow.tokenUrl}-moved`);
    return [{ place: 'tokenUrl', steps, specification, ...tokens('all', refusal(404)) }];
  }),
  flowOperator('OAuth flow', ({ api: { document } }, flow, tokens) => {
    const steps = stepsTo(flow);
    const { tokenUrl } = flow;
    const scopes = Object.fromEntries(flow.scopes.map((scope) => [scope, scope]));
    const specification = rewriteObject(document, steps.slice(0, -1), (flows) => ({
      ...without(flows, 'clientCredentials'),
      authorizationCode: { authorizationUrl: tokenUrl, tokenUrl, scopes },
    }));
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

/** The specification with a scope under another name, in the flow and in every requirement. */
function withScope(
  document: OpenApiDocument,
  flow: ClientCredentialsFlow,
  scope: string,
  name: string,
): OpenApiDocument {
  const inRequirement = (requirement: unknown): unknown => {
    const asked = fieldsOf(requirement)?.[flow.scheme];
    if (!isFields(requirement) || !Array.isArray(asked)) return requirement;
    return { ...requirement, [flow.scheme]: asked.map((each: unknown) => (each === scope ? name : each)) };
  };
  const inRequirements = (security: unknown): unknown =>
    Array.isArray(security) ? security.map(inRequirement) : security;
  let changed = rewriteObject(document, [...stepsTo(flow), 'scopes'], (scopes) => renamed(scopes, scope, name));
  if (document.security) changed = rewrite(changed, ['security'], inRequirements);
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of entriesOf(item)) {
      if (!isFields(operation) || !('security' in operation)) continue;
      changed = rewrite(changed, ['paths', path, method, 'security'], inRequirements);
    }
  }
  return changed;
}

function asksForSomething({ alternatives }: OperationSecurity): boolean {
  return alternatives.some((each) => each.length > 0);
}

export const securityOperators: Operator[] = [
  operationOperator(
    'scope added',
    'a request that succeeds for',
    ({ id, security: { alternatives }, issuesTokens }) => {
      const alone = alternatives.flatMap((each) => (each.length === 1 ? each : []));
      const bearer = alone.find(({ presented }) => presented === 'bearer');
      if (!bearer || issuesTokens) return [];
      const security = [{ [bearer.scheme]: [...scopesOf(bearer), 'another-scope'] }];
      const change = answeringInstead(id, 'successful', refusal(403));
      return [{ place: 'security', edit: (each) => ({ ...each, security }), change }];
    },
  ),
  operationOperator('auth method', 'a request that succeeds for', ({ id, security }) => {
    if (!asksForSomething(security)) return [];
    const anotherScheme = { type: 'apiKey', in: 'header', name: 'X-API-Key' };
    return [
      {
        place: 'security',
        edit: (each) => ({ ...each, security: [{ anotherScheme: [] }] }),
        further: (document) =>
          rewrite(document, ['components', 'securitySchemes', 'anotherScheme'], () => anotherScheme),
        change: answeringInstead(id, 'successful', refusal(401)),
      },
    ];
  }),
  operationOperator('auth not enforced', 'a refused request for', ({ id, security, statuses }) =>
    ['401', '403']
      .filter((status) => asksForSomething(security) && statuses.includes(status))
      .map((status) => ({
        place: status,
        edit: (each) => ({ ...each, security: [] }),
        change: succeeding(id, status),
      })),
  ),
  fieldOperator(
    'token_type',
    'the value',
    (field) =>
      isOfToken(field, 'token_type') && { schema: () => ({ type: 'string', enum: ['mac'] }), value: () => 'mac' },
  ),
  fieldOperator(
    'expires_in',
    'a matcher of a number above 0',
    (field) =>
      isOfToken(field, 'expires_in') && {
        schema: 'minimum' in field.schema && ((schema) => without(schema, 'minimum')),
        value: () => -1,
      },
  ),
];

function isOfToken({ answer, property }: FieldPlace, name: string): boolean {
  return answer.operation.issuesTokens && isSuccess(answer) && property?.name === name;
}

function succeeding(operation: string, status: string): ResponseChange {
  return (exchange, all) => {
    if (exchange.operation !== operation || documentedStatus([status], exchange.answer.status) !== status)
      return exchange.answer;
    const success = all.find((other) => other.operation === operation && isSuccessful(other.answer));
    return success?.answer ?? refusal(200);
  };
}
