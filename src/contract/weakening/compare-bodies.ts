import { isDeepStrictEqual } from 'node:util';
import { compileBody } from '../../matching/compile.ts';
import { conditionOf } from '../guarantee/demand/conditions.ts';
import type { Demand } from '../../matching/demand.ts';
import { selectRules } from '../guarantee/demand/select-rules.ts';
import type { Body, Part } from '../../pact/model.ts';
import { compareDemands } from './compare-demands.ts';
import type { Loss } from '../../verify/weakening/weakening.ts';

const path = '$.response.body';

/** What the body of an answer had to be and has to be no more. */
export function compareBodies(was: Part, is: Part): Loss[] {
  if (was.body.kind === 'absent') return [];
  if (is.body.kind === 'absent') return [{ rule: 'body', path, sentence: 'Of the body nothing is demanded any more.' }];
  const sameRules = isDeepStrictEqual(was.rules.body, is.rules.body);
  if (was.body.kind === is.body.kind && sameRules && isDeepStrictEqual(was.body, is.body)) return [];
  const [before, after] = [demandOf(was), demandOf(is)];
  if (before && after && was.body.kind === is.body.kind) return compareDemands(before, after);
  const sentence = `The body had to be ${words[was.body.kind]}, now ${words[is.body.kind]}.`;
  return [
    { rule: 'body', path, sentence: was.body.kind === is.body.kind ? 'The body has to be other bytes.' : sentence },
  ];
}

function demandOf({ body, rules }: Part): Demand | undefined {
  if (body.kind === 'json') return compileBody(body.value, rules.body, path);
  if (body.kind !== 'text') return undefined;
  return { kind: 'scalar', place: path, condition: conditionOf(selectRules(rules.body, [])?.rules, body.text) };
}

const words: Readonly<Record<Body['kind'], string>> = {
  absent: 'anything',
  empty: 'empty',
  json: 'JSON',
  text: 'text',
  binary: 'bytes',
};
