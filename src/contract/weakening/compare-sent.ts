import { isDeepStrictEqual } from 'node:util';
import { conditionOf } from '../guarantee/demand/conditions.ts';
import { writePath } from '../guarantee/demand/places.ts';
import { keeps } from '../../matching/matchers.ts';
import { selectRules } from '../guarantee/demand/select-rules.ts';
import type { Body, ContractRequest } from '../../pact/model.ts';
import { entriesOf, fieldsOf } from '../../pact/input.ts';
import type { PathRules } from '../pact/matching-rules.ts';
import type { Loss } from '../../verify/weakening/weakening.ts';

/** What the body of a request had and has no more. */
export function compareSent(was: ContractRequest, is: ContractRequest): Loss[] {
  const [before, now] = [was, is].map(({ body, contentType }) => valueOf(body, contentType));
  if (before === undefined) return [];
  if (now === undefined) return [sentLoss([], 'The body is sent no more.')];
  const [made, makes] = [was, is].map(({ generators }) => fieldsOf(generators)?.['body']);
  if (!isDeepStrictEqual(made, makes))
    return [sentLoss([], 'Other parts of the body come from the state of the provider.')];
  return compareValues(before, now, [was.rules.body, is.rules.body], []);
}

/** A form is the values of each of its names. */
function valueOf(body: Body, contentType: string | undefined): unknown {
  if (body.kind === 'json') return body.value;
  if (body.kind === 'binary') return Buffer.from(body.bytes).toString('base64');
  if (body.kind !== 'text') return undefined;
  if (!/^\s*application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) return body.text;
  const form = new URLSearchParams(body.text);
  return Object.fromEntries([...form.keys()].map((name) => [name, form.getAll(name)]));
}

type Path = readonly (string | number)[];

/** The rules before and now. */
type Rules = readonly [readonly PathRules[], readonly PathRules[]];

function compareValues(was: unknown, is: unknown, rules: Rules, path: Path): Loss[] {
  if (Array.isArray(was) && Array.isArray(is)) {
    if (was.length > is.length && !selectRules(rules[0], path)) return [sentLoss(path, 'Fewer items are sent.')];
    return was
      .slice(0, is.length)
      .flatMap((each: unknown, index) => compareValues(each, is[index], rules, [...path, index]));
  }
  const fields = fieldsOf(is);
  if (fieldsOf(was) && fields) {
    return entriesOf(was).flatMap(([name, each]) => {
      const at = [...path, name];
      return Object.hasOwn(fields, name)
        ? compareValues(each, fields[name], rules, at)
        : [sentLoss(at, 'This is sent no more.')];
    });
  }
  if (isDeepStrictEqual(was, is) || areExamples(was, is, rules, path)) return [];
  return [sentLoss(path, 'Another value is sent.')];
}

/** Whether both contracts say by a rule that either value is just an example. */
function areExamples(was: unknown, is: unknown, rules: Rules, path: Path): boolean {
  const [before, now] = rules.map((all) => selectRules(all, path)?.rules);
  return (
    before !== undefined && keeps(is, conditionOf(before, was)) === true && keeps(was, conditionOf(now, is)) === true
  );
}

function sentLoss(path: Path, sentence: string): Loss {
  return { rule: 'request', path: `$.request.body${writePath(path)}`, sentence };
}
