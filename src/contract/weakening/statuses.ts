import { conditionOf } from '../guarantee/demand/conditions.ts';
import { keeps } from '../../matching/matchers.ts';
import type { ContractResponse } from '../../pact/model.ts';
import type { Rule } from '../pact/matching-rules.ts';

const all = Array.from({ length: 500 }, (_, index) => index + 100);

/** First and last status of each class, by the name that Pact gives it. */
const classes: Readonly<Record<string, readonly [number, number]>> = {
  info: [100, 199],
  success: [200, 299],
  redirect: [300, 399],
  clientError: [400, 499],
  serverError: [500, 599],
  nonError: [100, 399],
  error: [400, 599],
};

/** The statuses that a contract takes. */
export function statusesOf({ status, rules }: ContractResponse): number[] {
  const list = rules.status;
  if (!list) return [status];
  const kept = (each: number, rule: Rule): boolean =>
    rule.match === 'statusCode'
      ? isOfClass(each, rule.status)
      : keeps(each, conditionOf({ combine: 'and', rules: [rule] }, status)) !== false;
  return all.filter((each) =>
    list.combine === 'or' ? list.rules.some((rule) => kept(each, rule)) : list.rules.every((rule) => kept(each, rule)),
  );
}

function isOfClass(status: number, name: string | readonly number[]): boolean {
  if (typeof name !== 'string') return name.includes(status);
  const [first, last] = classes[name] ?? [100, 599];
  return status >= first && status <= last;
}
