import { isDeepStrictEqual } from 'node:util';
import { compileBody, selectRules, writePath } from '../../matching/compile.ts';
import type { ArrayDemand, Condition, Demand, ObjectDemand, Sizes } from '../../matching/demand.ts';
import { demandedHeaderTexts } from '../../matching/headers.ts';
import { conditionOf, isEquality, satisfies, statusKeeps, textsOf } from '../../matching/matchers.ts';
import { findTexts } from '../../util/regex/find-text.ts';
import { both, not } from '../../util/regex/language.ts';
import type { Body, ContractResponse, HttpPart } from '../../pact/model.ts';
import { entriesOf, fieldsOf, jsonTypeOf } from '../../util/json.ts';
import { essence } from '../../util/media-type.ts';
import { compareXml } from './compare-xml.ts';
import { acceptsAny, describe, findGap, wouldPass } from './gap.ts';
import { loss, type Loss, type WeakeningRule } from './weakening.ts';

export function responseLosses(was: ContractResponse, is: ContractResponse): Loss[] {
  return [
    ...compareStatus(was, is),
    ...compareHeaders(was, is),
    ...compareContentType(was, is),
    ...compareBodies(was, is),
    ...compareGenerators(was, is),
  ];
}

function compareStatus(was: ContractResponse, is: ContractResponse): Loss[] {
  const allowed = new Set(statusesOf(was));
  const more = statusesOf(is).find((status) => !allowed.has(status));
  if (more === undefined) return [];
  const before =
    allowed.size === 1 ? `The contract required the status ${was.status}` : 'The contract required other statuses';
  const sentence = `${before}; now it accepts ${more}.`;
  return [loss('status', '$.response.status', sentence)];
}

function compareHeaders(was: ContractResponse, is: ContractResponse): Loss[] {
  return [...was.headers].flatMap(([key, { name, values }]): Loss[] => {
    const path = `$.response.headers${writePath([name])}`;
    const now = is.headers.get(key);
    if (!now) return [loss('header', path, `The header ${name} is no longer required.`)];
    const [ruled, rules] = [was.rules.header.get(key), is.rules.header.get(key)];
    const [example, other] = [values.join(', '), now.values.join(', ')];
    const [before, after] = [conditionOf(ruled, example), conditionOf(rules, other)];
    if (isDeepStrictEqual(before, after)) return [];
    const found = findTexts(
      both(demandedHeaderTexts(key, rules, other), not(demandedHeaderTexts(key, ruled, example))),
    );
    if (found.kind === 'none') return [];
    if (found.kind === 'unknown') return [unproved(path, before, after, found.reason)];
    const passing = wouldPass(after, found.texts[0]);
    const [demand, demands] = [ruled ? describe(before) : example, rules ? describe(after) : other];
    const sentence = `For the header ${name} the contract required ${demand}; now it requires ${demands}${passing}.`;
    return [loss('header', path, sentence)];
  });
}

function unproved(path: string, was: Condition, is: Condition, reason: string): Loss {
  const sentence = `It cannot be proved that ${describe(is)} is as strict as ${describe(was)}: ${reason}.`;
  return loss('unproved', path, sentence);
}

/** Version 4 has the type beside the body; elsewhere it is the header, which is compared already. */
function compareContentType(was: ContractResponse, is: ContractResponse): Loss[] {
  if (was.contentType === undefined || was.headers.has('content-type')) return [];
  if (was.body.kind === 'absent' || is.body.kind === 'absent') return [];
  if (essence(was.contentType) === essence(is.contentType ?? '')) return [];
  const sentence = `The contract required the content type ${was.contentType}; now it requires ${is.contentType ?? 'none'}.`;
  return [loss('content type', '$.response.body', sentence)];
}

/** Without a rule, a value from the provider state is one that the provider may choose. */
function compareGenerators(was: ContractResponse, is: ContractResponse): Loss[] {
  return entriesOf(is.generators).flatMap(([category, values]) => {
    const before = fieldsOf(fieldsOf(was.generators)?.[category]);
    return entriesOf(values).flatMap(([key, generator]) => {
      if (fieldsOf(generator)?.['type'] !== 'ProviderState' || isDeepStrictEqual(generator, before?.[key])) return [];
      const list =
        category === 'body' ? is.rules.body.find(({ text }) => text === key) : is.rules.header.get(key.toLowerCase());
      if (list && list.rules.every(({ match }) => match !== 'equality')) return [];
      const place = category === 'body' ? key.replace(/^\$/, '') : writePath([key]);
      return [loss('generator', `$.response.${category}${place}`, 'The provider state now decides this value.')];
    });
  });
}

const path = '$.response.body';

function compareBodies(was: HttpPart, is: HttpPart): Loss[] {
  if (was.body.kind === 'absent') return [];
  if (is.body.kind === 'absent') return [loss('body', path, 'The contract no longer requires anything of the body.')];
  const sameRules = isDeepStrictEqual(was.rules.body, is.rules.body);
  if (sameRules && isDeepStrictEqual(was.body, is.body)) return [];
  if (was.body.kind !== is.body.kind) {
    const sentence = `The contract required ${words[was.body.kind]}; now it requires ${words[is.body.kind]}.`;
    return [loss('body', path, sentence)];
  }
  const xml = compareXml(was, is, path, compareConditions);
  if (xml) return xml;
  const [before, after] = [demandOf(was), demandOf(is)];
  return before && after
    ? compareDemands(before, after)
    : [loss('body', path, 'The contract requires different bytes.')];
}

function demandOf({ body, rules }: HttpPart): Demand | undefined {
  if (body.kind === 'json') return compileBody(body.value, rules.body, path);
  if (body.kind !== 'text') return undefined;
  return { kind: 'scalar', place: path, condition: conditionOf(selectRules(rules.body, [])?.rules, body.text) };
}

const words: Readonly<Record<Body['kind'], string>> = {
  absent: 'any body',
  empty: 'an empty body',
  json: 'a JSON body',
  text: 'a text body',
  binary: 'a binary body',
};

/** There is a loss where some value keeps the new demand and not the old one. */
function compareDemands(was: Demand, is: Demand): Loss[] {
  const path = was.place;
  if (isDeepStrictEqual(was, is)) return [];
  if (was.kind === 'scalar' && is.kind === 'scalar') return compareConditions(path, was.condition, is.condition);
  if (was.kind === 'scalar' || is.kind === 'scalar' || was.kind !== is.kind) {
    const sentence = `The contract required ${demandWords[was.kind]}; now it requires ${demandWords[is.kind]}.`;
    return [loss('type', path, sentence)];
  }
  // A demand that no provider can keep may be corrected.
  if (is.never !== undefined || was.never !== undefined) return [];
  const doubt = was.unknown ?? is.unknown;
  if (doubt !== undefined)
    return [loss('unproved', path, `It cannot be proved that the contract requires as much as before: ${doubt}.`)];
  if (is.equal) {
    if (satisfies(is.equal.value, was) === true) return [];
    return [loss('exact value', path, 'The contract requires a value that it refused before.')];
  }
  if (was.equal) return [loss('exact value', path, 'The contract required exactly the example and no longer does.')];
  const sizes = compareSizes(was, is);
  if (was.kind === 'object' && is.kind === 'object') return [...sizes, ...compareObjects(was, is)];
  return was.kind === 'array' && is.kind === 'array' ? [...sizes, ...compareArrays(was, is)] : sizes;
}

const demandWords = { scalar: 'a single value', object: 'an object', array: 'a list' };

function compareSizes(was: ArrayDemand | ObjectDemand, is: ArrayDemand | ObjectDemand): Loss[] {
  const least = is.kind === 'object' && is.required ? Math.max(is.sizes.least, is.named.size) : is.sizes.least;
  const wider = least < was.sizes.least || (is.sizes.most ?? Infinity) > (was.sizes.most ?? Infinity);
  if (!wider) return [];
  const what = was.kind === 'array' ? 'items' : 'fields';
  const sentence = `The contract accepted ${range(was.sizes)} ${what}; now it accepts ${range(is.sizes)}.`;
  return [loss('items', was.place, sentence)];
}

function range({ least, most }: Sizes): string {
  if (most === undefined) return least === 0 ? 'any number' : `at least ${least}`;
  return least === most ? `exactly ${most}` : `${least} to ${most}`;
}

function compareArrays(was: ArrayDemand, is: ArrayDemand): Loss[] {
  const most = is.sizes.most ?? Infinity;
  const at = (before: Demand | undefined, now: Demand | undefined): Loss[] => {
    if (!before) return [];
    return now
      ? compareDemands(before, now)
      : [loss('items', before.place, 'The contract no longer requires anything of these items.')];
  };
  const behind = Math.max(was.items.length, is.items.length);
  const rest = most > behind ? at(was.rest, is.rest) : [];
  const known = new Set(rest.map((each) => keyOf(each, was.rest)));
  const items = Array.from({ length: Math.min(behind, most) }, (_, index) => {
    const before = was.items[index] ?? was.rest;
    return at(before, is.items[index] ?? is.rest).filter((each) => !known.has(keyOf(each, before)));
  });
  const losses = [...rest, ...items.flat(), ...compareContained(was, is)];
  return [...new Map(losses.map((each) => [keyOf(each, undefined), each])).values()];
}

/** The same loss in one item and in all others is one. */
function keyOf({ rule, path }: Loss, whose: Demand | undefined): string {
  return `${rule} ${path.slice(whose?.place.length ?? 0)}`;
}

/** An item is still contained if one as strict is, or if every item is as strict. */
function compareContained(was: ArrayDemand, is: ArrayDemand): Loss[] {
  const sure = [
    ...is.contains,
    ...is.items.slice(0, is.sizes.least),
    ...(is.rest && is.sizes.least > is.items.length ? [is.rest] : []),
  ];
  return was.contains
    .filter((one) => sure.every((now) => compareDemands(one, now).length > 0))
    .map(({ place }) => loss('items', place, 'The contract no longer requires the list to contain such an item.'));
}

function compareObjects(was: ObjectDemand, is: ObjectDemand): Loss[] {
  const fields = [...was.named].flatMap(([name, demand]): Loss[] => {
    const now = was.required && !(is.required && is.named.has(name)) ? undefined : (is.named.get(name) ?? is.rest);
    if (now) return compareDemands(demand, now);
    return [loss('field', was.place + writePath([name]), `The field ${name} is no longer required.`)];
  });
  const others = was.rest && is.rest ? compareDemands(was.rest, is.rest) : [];
  if (was.rest && !is.rest)
    others.push(loss('field', was.rest.place, 'The contract no longer requires anything of other fields.'));
  const names = both(...is.names.map((condition) => textsOf(condition, true)));
  const free = was.names
    .filter((condition) => findTexts(both(names, not(textsOf(condition, true)))).kind !== 'none')
    .map((condition) =>
      loss('names', was.place, `The contract no longer requires each name to be ${describe(condition)}.`),
    );
  return [...fields, ...others, ...free];
}

function compareConditions(path: string, was: Condition, is: Condition): Loss[] {
  const gap = findGap(was, is);
  if (!gap) return [];
  if (gap.kind === 'unknown') return [unproved(path, was, is, gap.reason)];
  if (isEquality(was) && isEquality(is)) return [loss('exact value', path, 'The contract requires a different value.')];
  const sentence = `The contract required ${describe(was)}; now it requires ${describe(is)}${wouldPass(is, gap.value)}.`;
  return [loss(ruleOf(was, gap.value), path, sentence)];
}

function ruleOf(was: Condition, passing: unknown): WeakeningRule {
  if (isEquality(was)) return 'exact value';
  if (passing === null) return 'null';
  const type = jsonTypeOf(passing);
  if (acceptsAny(was, type)) return 'pattern';
  return type === 'number' && acceptsAny(was, 'integer') ? 'integer' : 'type';
}

const all = Array.from({ length: 500 }, (_, index) => index + 100);

function statusesOf({ status, rules }: ContractResponse): number[] {
  return rules.status ? all.filter((each) => statusKeeps(each, rules.status, status)) : [status];
}
