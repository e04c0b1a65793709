import type { ContractRequest, Interaction } from '../../pact/model.ts';
import { formOf } from '../../contract/guarantee/request/form.ts';

/** The form of a request for a token, or undefined where it is none (RFC 6749). */
export function tokenForm(request: ContractRequest): URLSearchParams | undefined {
  const form = request.method === 'POST' ? formOf(request) : undefined;
  return form?.has('grant_type') ? form : undefined;
}

/** The scopes that the successful token requests of a contract ask for; undefined for one that names none. */
export function askedScopes(interactions: readonly Interaction[]): (Set<string> | undefined)[] {
  return interactions.flatMap(({ request, response }) => {
    const form = response.status < 300 ? tokenForm(request) : undefined;
    if (!form) return [];
    const scope = form.get('scope');
    return [scope === null ? undefined : new Set(scope.split(' ').filter(Boolean))];
  });
}
