import { isDeepStrictEqual } from 'node:util';
import { conditionOf } from '../../contract/guarantee/demand/conditions.ts';
import { writePath } from '../../contract/guarantee/demand/places.ts';
import { textsOf } from '../../contract/guarantee/demand/texts.ts';
import { isOf } from '../../matching/regex/find-text.ts';
import type { ContractRequest } from '../../pact/model.ts';
import { fieldsOf } from '../../pact/input.ts';
import type { RuleList } from '../../contract/pact/matching-rules.ts';
import { compareSent } from '../../contract/weakening/compare-sent.ts';
import type { Loss } from './weakening.ts';

/**
 * What a consumer sent and sends no more: what it does not send, no provider has to take. What it sends besides, or what its
 * matchers take more loosely, weakens nothing that a provider owes.
 */
export function compareRequests(was: ContractRequest, is: ContractRequest): Loss[] {
  const losses: Loss[] = [];
  if (was.method !== is.method) losses.push(loss('method', `${was.method} was asked for, now ${is.method} is.`));
  if (!sendsAlike(pathOf(was), pathOf(is))) losses.push(loss('path', 'Another path is asked for.'));
  for (const name of was.query.keys()) {
    const now = parameterOf(is, name);
    if (!sendsAlike(parameterOf(was, name), now))
      losses.push(loss(`query${writePath([name])}`, changed(`parameter ${name}`, now)));
  }
  for (const [key, { name }] of was.headers) {
    const now = headerOf(is, key);
    if (!sendsAlike(headerOf(was, key), now))
      losses.push(loss(`headers${writePath([name])}`, changed(`header ${name}`, now)));
  }
  return [...losses, ...compareSent(was, is)];
}

/** One thing that is sent. Pact's verifier sends the example, or what the generator makes of it. */
interface Sent {
  example: string;
  rules: RuleList | undefined;
  generator: unknown;
}

/** An example may be another one only where both contracts say by a rule that each is just an example. */
function sendsAlike(was: Sent | undefined, is: Sent | undefined): boolean {
  if (!was || !is || !isDeepStrictEqual(was.generator, is.generator)) return false;
  if (was.generator !== undefined || was.example === is.example) return true;
  return was.rules !== undefined && takes(was, is.example) && takes(is, was.example);
}

function takes({ rules, example }: Sent, text: string): boolean {
  return isOf(textsOf(conditionOf(rules, example), true), text) === true;
}

function pathOf({ path, rules, generators }: ContractRequest): Sent {
  return { example: path, rules: rules.path, generator: fieldsOf(generators)?.['path'] };
}

function parameterOf({ query, rules, generators }: ContractRequest, name: string): Sent | undefined {
  const values = query.get(name);
  const generator = fieldsOf(fieldsOf(generators)?.['query'])?.[name];
  return values && { example: values.join(), rules: rules.query.get(name), generator };
}

function headerOf({ headers, rules, generators }: ContractRequest, key: string): Sent | undefined {
  const header = headers.get(key);
  const generator = header && fieldsOf(fieldsOf(generators)?.['header'])?.[header.name];
  return header && { example: header.values.join(', '), rules: rules.header.get(key), generator };
}

function loss(place: string, sentence: string): Loss {
  return { rule: 'request', path: `$.request.${place}`, sentence };
}

function changed(what: string, now: Sent | undefined): string {
  return now ? `The ${what} is sent with another value.` : `The ${what} is sent no more.`;
}
