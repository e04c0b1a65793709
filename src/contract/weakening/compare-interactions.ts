import { isDeepStrictEqual } from 'node:util';
import { conditionOf } from '../guarantee/demand/conditions.ts';
import { compileBody } from '../guarantee/demand/compile.ts';
import { writePath } from '../guarantee/demand/places.ts';
import type { ContractResponse, Interaction } from '../pact/contract.ts';
import { loosened } from './compare-conditions.ts';
import { compareDemands } from './compare-demands.ts';
import type { Weakening } from './weakening.ts';

type Found = Pick<Weakening, 'place' | 'rule' | 'sentence'>;

/** What an interaction demanded of the provider and demands no more. That it demands more is for the provider to see. */
export function compareInteractions(before: Interaction, now: Interaction): Found[] {
  return [
    ...comparePending(before, now),
    ...compareRequests(before, now),
    ...compareStatus(before, now),
    ...compareHeaders(before.response, now.response),
    ...compareBodies(before.response, now.response),
  ];
}

function comparePending(before: Interaction, now: Interaction): Found[] {
  if (before.pending || !now.pending) return [];
  return [{ rule: 'pending', sentence: 'The interaction is pending now, so that nothing of it counts.' }];
}

/** Another request is another interaction: nobody asks the provider for what was asked before. */
function compareRequests({ request: before }: Interaction, { request: now }: Interaction): Found[] {
  const found: Found[] = [];
  const ask = (each: typeof now): string => `${each.method} ${each.path}`;
  if (ask(before) !== ask(now)) {
    const sentence = `The contract asked for ${ask(before)}, and asks for ${ask(now)} now.`;
    found.push({ place: '$.request.path', rule: 'request', sentence });
  }
  if (!isDeepStrictEqual(before.query, now.query))
    found.push({ place: '$.request.query', rule: 'request', sentence: 'The contract asks with another query now.' });
  for (const [key, { name }] of now.headers) {
    if (before.headers.has(key)) continue;
    const sentence = `The contract sends the header ${name} now, so that a provider may need it.`;
    found.push({ place: `$.request.headers${writePath([name])}`, rule: 'request', sentence });
  }
  return found;
}

function compareStatus({ response: before }: Interaction, { response: now }: Interaction): Found[] {
  const place = '$.response.status';
  const rules = (each: ContractResponse): string => JSON.stringify(each.rules.status ?? each.status);
  if (rules(before) === rules(now)) return [];
  const sentence = before.rules.status
    ? 'The contract has another rule for the status now.'
    : `The contract demanded ${before.status}, and ${now.rules.status ? 'has a rule for the status' : `demands ${now.status}`} now.`;
  return [{ place, rule: 'status', sentence }];
}

function compareHeaders(before: ContractResponse, now: ContractResponse): Found[] {
  return [...before.headers].flatMap(([key, header]): Found[] => {
    const place = `$.response.headers${writePath([header.name])}`;
    const other = now.headers.get(key);
    if (!other)
      return [
        { place, rule: 'header', sentence: `The contract demanded the header ${header.name}, and does no more.` },
      ];
    const condition = ({ rules }: ContractResponse, { values }: typeof header) =>
      conditionOf(rules.header.get(key), values.join(', '));
    const found = loosened(condition(before, header), condition(now, other), true);
    return found ? [{ place, rule: found.rule, sentence: `The contract ${found.words} before.` }] : [];
  });
}

function compareBodies(before: ContractResponse, now: ContractResponse): Found[] {
  const place = '$.response.body';
  const [old, body] = [before.body, now.body];
  if (old.kind === 'absent') return [];
  if (old.kind === 'json' && body.kind === 'json') {
    const demand = (value: unknown, { rules }: ContractResponse) => compileBody(value, rules.body, place);
    return compareDemands(demand(old.value, before), demand(body.value, now));
  }
  const same = isDeepStrictEqual([old, before.rules.body], [body, now.rules.body]);
  if (same) return [];
  const sentence =
    body.kind === 'absent'
      ? 'The contract demanded something of the body, and does no more.'
      : 'The contract demands another body now, which is not comparable.';
  return [{ place, rule: 'body', sentence }];
}
