import { isDeepStrictEqual } from 'node:util';
import { conditionOf } from '../guarantee/demand/conditions.ts';
import { writePath } from '../guarantee/demand/places.ts';
import { textsOf } from '../guarantee/demand/texts.ts';
import { isOf } from '../guarantee/language/find-text.ts';
import type { ContractRequest } from '../pact/contract.ts';
import { fieldsOf } from '../pact/fields.ts';
import type { RuleList } from '../pact/matching-rules.ts';
import { compareSent } from './compare-sent.ts';
import type { Loss } from './weakening.ts';

/**
 * What a consumer sent and may send no more: what it does not send, no provider has to take. What it sends besides, or what its
 * matchers take more loosely, weakens nothing that a provider owes.
 */
export function compareRequests(was: ContractRequest, is: ContractRequest): Loss[] {
  const losses: Loss[] = [];
  if (was.method !== is.method && !is.rules.method)
    losses.push(loss('method', `${was.method} was asked for, now ${is.method} is.`));
  if (!accepts(is, 'path', is.rules.path, was, was.path, is.path))
    losses.push(loss('path', 'Another path is asked for.'));
  for (const [name, values] of was.query) {
    const now = is.query.get(name);
    const same = now && accepts(is, 'query', is.rules.query.get(name), was, values.join(), now.join(), name);
    if (!same) losses.push(loss(`query${writePath([name])}`, sentNoMore('parameter', name, now !== undefined)));
  }
  for (const [key, { name, values }] of was.headers) {
    const now = is.headers.get(key);
    const same =
      now && accepts(is, 'header', is.rules.header.get(key), was, values.join(', '), now.values.join(', '), name);
    if (!same) losses.push(loss(`headers${writePath([name])}`, sentNoMore('header', name, now !== undefined)));
  }
  return [...losses, ...compareSent(was, is)];
}

/** Whether a request may still have what it had, by its rule, or since the provider's state decides it as before. */
function accepts(
  is: ContractRequest,
  category: string,
  rules: RuleList | undefined,
  was: ContractRequest,
  sent: string,
  example: string,
  name?: string,
): boolean {
  const [before, now] = [was, is].map(({ generators }) => generatorOf(generators, category, name));
  if (now !== undefined && isDeepStrictEqual(before, now)) return true;
  return sent === example || isOf(textsOf(conditionOf(rules, example), true), sent) === true;
}

function generatorOf(generators: unknown, category: string, name: string | undefined): unknown {
  const found = fieldsOf(generators)?.[category];
  return name === undefined ? found : fieldsOf(found)?.[name];
}

function loss(place: string, sentence: string): Loss {
  return { rule: 'request', path: `$.request.${place}`, sentence };
}

function sentNoMore(what: string, name: string, changed: boolean): string {
  return changed ? `The ${what} ${name} is sent with another value.` : `The ${what} ${name} is sent no more.`;
}
