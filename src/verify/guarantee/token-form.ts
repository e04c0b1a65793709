import type { ContractRequest, Interaction } from '../../pact/model.ts';
import { essence } from '../../util/media-type.ts';

/** The form of a request for a token, or undefined where it is none (RFC 6749). */
export function tokenRequestForm(request: ContractRequest): URLSearchParams | undefined {
  const form = request.method === 'POST' ? formOf(request) : undefined;
  return form?.has('grant_type') ? form : undefined;
}

/** The scopes that the successful token requests of a contract ask for; undefined for one that names none. */
export function askedScopes(interactions: readonly Interaction[]): (Set<string> | undefined)[] {
  return interactions.flatMap(({ request, response }) => {
    const form = response.status < 300 ? tokenRequestForm(request) : undefined;
    if (!form) return [];
    const scope = form.get('scope');
    return [scope === null ? undefined : new Set(scope.split(' ').filter(Boolean))];
  });
}

export function formOf({ body, contentType }: ContractRequest): URLSearchParams | undefined {
  if (essence(contentType ?? '') !== 'application/x-www-form-urlencoded') return undefined;
  if (body.kind === 'text') return new URLSearchParams(body.text);
  if (body.kind !== 'json' || typeof body.value !== 'object' || body.value === null) return undefined;
  // Contracts with a rule for each field have the form as an object of lists.
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(body.value))
    for (const value of [values].flat()) form.append(name, String(value));
  return form;
}
