import { toPointer } from '../../../util/json.ts';
import type { FoundOperation } from '../../../verify/guarantee/operation.ts';
import type { Finding } from '../../../verify/guarantee/proof/finding.ts';
import { securityOf, type Alternative } from './prove-security.ts';
import { flowsOf } from './security-schemes.ts';

/**
 * Proves that tokens with the scopes that an operation asks for can be had: a flow of its scheme has them, and the contracts that
 * ask for tokens ask for them.
 * @param asked the scopes of each token request of the contracts; undefined for one that names none, and gets what there is.
 */
export function proveScopes(operation: FoundOperation, asked: readonly (ReadonlySet<string> | undefined)[]): Finding[] {
  const { alternatives, steps } = securityOf(operation);
  const flows = flowsOf(operation.document);
  const scoped = alternatives.filter((each) =>
    each.some(([name, scopes]) => scopes.length > 0 && flows.some(({ scheme }) => scheme === name)),
  );
  if (scoped.length === 0 || scoped.length < alternatives.length) return [];
  const at = { place: '$.request.headers.Authorization', rule: 'scope', pointer: toPointer(steps) };
  const needed = (each: Alternative): string[] => each.flatMap(([, scopes]) => scopes);
  const words = scoped.map((each) => needed(each).join(' and ')).join(', or ');
  const has = (name: string, scopes: readonly string[]): boolean =>
    !flows.some(({ scheme }) => scheme === name) ||
    flows.some((flow) => flow.scheme === name && scopes.every((scope) => flow.scopes.has(scope)));
  const offered = scoped.filter((each) => each.every(([name, scopes]) => has(name, scopes)));
  if (offered.length === 0)
    return [
      {
        ...at,
        result: 'broken',
        sentence: `The operation asks for ${words}, and no flow of its scheme has that scope.`,
      },
    ];
  if (asked.length === 0) return [];
  if (offered.some((each) => asked.some((scopes) => !scopes || needed(each).every((scope) => scopes.has(scope)))))
    return [
      {
        ...at,
        result: 'holds',
        sentence: `The operation asks for ${words}, and a token request of the contracts asks for it.`,
      },
    ];
  return [
    {
      ...at,
      result: 'broken',
      sentence: `The operation asks for ${words}, and no token request of the contracts asks for it.`,
    },
  ];
}
