import type { ContractRequest } from '../../../pact/model.ts';
import { essence } from '../../../util/media-type.ts';

/** The fields of a form that a request sends, or undefined where it sends none. */
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
