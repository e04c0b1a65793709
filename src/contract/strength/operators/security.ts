import { documentedStatus, isSuccess } from '../answer-place.ts';
import { answeringAt, answeringInstead, isSuccessful, refusal } from '../../../verify/mutation/edits.ts';
import type { Change, Operator } from '../../../verify/mutation/mutant.ts';
import { rewrite, rewriteObject } from '../rewrite.ts';
import { without } from '../../../verify/mutation/json.ts';
import { fieldOperator } from '../../../verify/mutation/operators/define.ts';
import { operationOperator } from './operation-operator.ts';

const unauthorized = refusal(401);

/** Operators on what a caller must present, and on the token itself. */
export const securityOperators: Operator[] = [
  operationOperator('scope added', 'a request that succeeds for', ({ api: { document } }, operation) => {
    const { security, id, path, method } = operation;
    if (security?.type !== 'bearer' || operation.issuesTokens) return [];
    const asked = [{ [security.scheme]: [...security.scopes, 'another-scope'] }];
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
      if (!security) return [];
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
      if (!security) return [];
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
function succeeding(operation: string, status: string): Change {
  return (exchange, all) => {
    if (exchange.operation !== operation || documentedStatus([status], exchange.answer.status) !== status)
      return exchange.answer;
    const success = all.find((other) => other.operation === operation && isSuccessful(other.answer));
    return success?.answer ?? refusal(200);
  };
}
