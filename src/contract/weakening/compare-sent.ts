import { isDeepStrictEqual } from 'node:util';
import { conditionOf } from '../guarantee/demand/conditions.ts';
import { writePath } from '../guarantee/demand/places.ts';
import { keeps } from '../guarantee/demand/satisfies.ts';
import { selectRules } from '../guarantee/demand/select-rules.ts';
import type { Body, ContractRequest } from '../pact/contract.ts';
import { entriesOf, fieldsOf } from '../pact/fields.ts';
import type { PathRules } from '../pact/matching-rules.ts';
import type { Loss } from './weakening.ts';

/** What the body of a request had and may have no more. */
export function compareSent(was: ContractRequest, is: ContractRequest): Loss[] {
  const [before, now] = [was, is].map(({ body, contentType }) => valueOf(body, contentType));
  if (before === undefined || isDeepStrictEqual(before, now)) return [];
  if (now === undefined) return [loss([], 'The body is sent no more.')];
  return compareValues(before, now, is.rules.body, []);
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

function compareValues(was: unknown, is: unknown, rules: readonly PathRules[], path: Path): Loss[] {
  if (Array.isArray(was) && Array.isArray(is)) {
    const longer = was.length > is.length && !selectRules(rules, path);
    if (longer) return [loss(path, 'Fewer items are sent.')];
    return was.flatMap((each, index) =>
      index < is.length ? compareValues(each, is[index], rules, [...path, index]) : [],
    );
  }
  const fields = fieldsOf(is);
  if (fieldsOf(was) && fields) {
    return entriesOf(was).flatMap(([name, each]) => {
      const at = [...path, name];
      return Object.hasOwn(fields, name)
        ? compareValues(each, fields[name], rules, at)
        : [loss(at, 'This is sent no more.')];
    });
  }
  if (isDeepStrictEqual(was, is) || keeps(was, conditionOf(selectRules(rules, path)?.rules, is)) === true) return [];
  return [loss(path, 'Another value is sent.')];
}

function loss(path: Path, sentence: string): Loss {
  return { rule: 'request', path: `$.request.body${writePath(path)}`, sentence };
}
