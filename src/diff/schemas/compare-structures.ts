import {
  describes,
  fixedItems,
  isSilent,
  namesOf,
  patternOf,
  patternsOf,
  propertyOf,
  requiredOf,
  boundOf,
  type Branch,
  type Conjunction,
  type Steps,
} from '../../openapi/schema.ts';
import { fieldsOf, isList, valueAt } from '../../util/json.ts';
import { findTexts } from '../../util/regex/find-text.ts';
import { both, either, literal, matching, not } from '../../util/regex/language.ts';
import { longest } from './compare-scalars.ts';
import {
  difference,
  every,
  news,
  sayAll,
  valuesOfKeyword,
  type Below,
  type Comparing,
  type Difference,
  type Side,
  type Within,
} from './difference.ts';

type Found = (Difference | Below)[];

export function compareObjects(comparing: Comparing, was: Side, is: Side): Found {
  const { lens } = comparing;
  const [old, now] = [propertiesOf(comparing, was), propertiesOf(comparing, is)];
  const needing = (side: Side, { isHidden }: Properties): Set<string> =>
    new Set([...requiredOf(side.branch)].filter((name) => !isHidden(name)));
  const [needed, needs] = [needing(was, old), needing(is, now)];
  const names = new Set([...namesOf(was.branch), ...namesOf(is.branch), ...needed, ...needs]);
  const properties = [...names].flatMap((name): Found => {
    const step = `.${name}`;
    const [hid, hides] = [old.isHidden(name), now.isHidden(name)];
    const [had, has] = [!hid && describes(was.branch, name), !hides && describes(is.branch, name)];
    const [before, after] = [hid ? [] : old.below(name), hides ? [] : now.below(name)];
    const isOther = after === 'nothing' || after.length === 0;
    // Where nothing is said any more, all that was sent may be.
    if (had && !has && isOther && !(lens.direction === 'request' && isSilent(is.branch)))
      return difference('property-removed', false, false, 'was there, is not described any more.', step);
    const own = ((): Difference[] => {
      const [wasNeeded, isNeeded] = [needed.has(name), needs.has(name)];
      if (!had && has && isNeeded && !wasNeeded)
        return difference('required-property-added', false, true, 'is new.', step);
      const added = !had && has ? news('property-added', 'is new.', step) : [];
      if (wasNeeded === isNeeded || (added.length > 0 && isNeeded)) return added;
      return isNeeded
        ? difference('required', false, true, 'was optional, is required.', step)
        : [...added, ...difference('required', true, false, 'was required, is optional.', step)];
    })();
    // Any name was allowed before, so a new one can be compared.
    const known = had || (before !== 'nothing' && before.length > 0);
    return [...own, ...(known && (has || had) ? compareBelow(before, after, step, 'the property') : [])];
  });
  return [...properties, ...comparePatterns(was, is, names), ...compareNames(was, is), ...compareDependent(was, is)];
}

/** More patterns would share names in too many ways. */
const mostPatterns = 6;

/** Compares the properties that are described by what their names are like, and those that are described by nothing. */
function comparePatterns(was: Side, is: Side, described: ReadonlySet<string>): Found {
  const compare = (own: readonly string[]): Found =>
    own.length === 0
      ? compareBelow(was.reader.property(was.branch), is.reader.property(is.branch), '.*', 'other properties')
      : compareBelow(patternOf(was.branch, ...own), patternOf(is.branch, ...own), '.*', `properties like ${own[0]}`);
  const [then, now] = [patternsOf(was.branch), patternsOf(is.branch)];
  const all = [...new Set([...then, ...now])];
  if (all.every((each) => then.has(each) && now.has(each))) return [...all.map((each) => [each]), []].flatMap(compare);
  const open = difference('patternProperties', undefined, undefined, 'the patterns of names are others.', '.*');
  if (all.length > mostPatterns) return open;
  // Names are of some of the patterns and of none of the others.
  return Array.from({ length: 2 ** all.length }, (_, choice): Found => {
    const isOf = (index: number): boolean => Math.floor(choice / 2 ** index) % 2 === 1;
    const languages = all.map((each, index) => (isOf(index) ? matching(each, 'ecma') : not(matching(each, 'ecma'))));
    const names = findTexts(both(...languages, not(either(...[...described].map(literal)))));
    if (names.kind === 'none') return [];
    const found = compare(all.filter((_each, index) => isOf(index)));
    return names.kind === 'unknown' && found.length > 0 ? open : found;
  }).flat();
}

interface Properties {
  below: (name: string) => Conjunction | 'nothing';
  /** Whether a property has no place in the message: `readOnly` in a request, `writeOnly` in an answer. */
  isHidden: (name: string) => boolean;
}

/** What stands below the names of an object, each looked up once. */
function propertiesOf({ lens }: Comparing, { reader, branch }: Side): Properties {
  const mark = lens.direction === 'request' ? 'readOnly' : 'writeOnly';
  const known = new Map<string, { found: Conjunction | 'nothing'; isHidden: boolean }>();
  const look = (name: string) => {
    const before = known.get(name);
    if (before) return before;
    const found = reader.property(branch, name);
    const own = found === 'nothing' || found.length === 0 ? [] : reader.read(found).parts;
    const looked = { found, isHidden: own.some(({ schema }) => schema[mark] === true) };
    known.set(name, looked);
    return looked;
  };
  return { below: (name) => look(name).found, isHidden: (name) => look(name).isHidden };
}

/** Additional names break nothing, and neither do new properties. */
function compareBelow(was: Conjunction | 'nothing', is: Conjunction | 'nothing', step: string, what: string): Found {
  if (was !== 'nothing' && is !== 'nothing')
    return was.length + is.length > 0 ? [{ step, before: was, after: is }] : [];
  if (was === is) return [];
  return is === 'nothing'
    ? difference('additional-properties', false, true, `${what} could be there, cannot any more.`, step)
    : news('additional-properties', `${what} could not be there, can now.`, step);
}

/** The places of a keyword's schemas. */
function placesOf({ parts }: Branch, ...keyword: readonly string[]): Steps[] {
  return parts.flatMap(({ steps, schema }) => (valueAt(schema, keyword) === undefined ? [] : [[...steps, ...keyword]]));
}

/** The schemas of texts that are documents of their own. */
export function compareContentSchemas(was: Side, is: Side): Difference[] {
  const [then, now] = [placesOf(was.branch, 'contentSchema'), placesOf(is.branch, 'contentSchema')];
  if (then.length + now.length === 0) return [];
  const within = (own: readonly Steps[], asked: readonly Steps[]): Difference['kept'] =>
    asked.length === 0 || (own.length > 0 && [{ step: '', before: then, after: now }]);
  const sentence = `contentSchema was ${sayPlaces(was, then)}, is ${sayPlaces(is, now)}.`;
  return difference('contentSchema', within(then, now), within(now, then), sentence);
}

function compareNames(was: Side, is: Side): Difference[] {
  const [then, now] = [placesOf(was.branch, 'propertyNames'), placesOf(is.branch, 'propertyNames')];
  if (then.length + now.length === 0) return [];
  const way = [{ step: '', before: then, after: now }];
  // The names of an object that takes no others are known.
  const within = (side: Side, own: readonly Steps[], asked: readonly Steps[]): Difference['kept'] => {
    if (asked.length === 0) return true;
    if (own.length > 0) return way;
    return side.reader.property(side.branch) === 'nothing' ? undefined : false;
  };
  const sentence = `propertyNames was ${then.length > 0 ? 'there' : 'nothing'}, is ${sayPlaces(is, now)}.`;
  return difference('propertyNames', within(was, then, now), within(is, now, then), sentence);
}

function sayPlaces({ reader }: Side, places: readonly Steps[]): string {
  return sayAll(places.map((steps) => valueAt(reader.document, steps)));
}

/** What the presence of one property asks for: other ones, or that the object keeps a schema. */
function compareDependent(was: Side, is: Side): Difference[] {
  const namesIn = ({ branch }: Side, keyword: string): string[] =>
    valuesOfKeyword(branch, keyword).flatMap((each) => Object.keys(fieldsOf(each) ?? {}));
  const needs = (side: Side, name: string): string[] =>
    valuesOfKeyword(side.branch, 'dependentRequired').flatMap((each) => {
      const list = fieldsOf(each)?.[name];
      return isList(list) ? list.map(String) : [];
    });
  const cannot = (side: Side, name: string): boolean => propertyOf(side.branch, name) === 'nothing';
  const inEither = (keyword: string): Set<string> => new Set([...namesIn(was, keyword), ...namesIn(is, keyword)]);
  const required = [...inEither('dependentRequired')].flatMap((name) => {
    const [then, now] = [needs(was, name), needs(is, name)];
    const within = (side: Side, own: readonly string[], asked: readonly string[]): boolean =>
      cannot(side, name) || asked.every((each) => own.includes(each) || requiredOf(side.branch).has(each));
    const sentence = `beside ${name}, ${say(then)} had to be there; now ${say(now)} must.`;
    return difference('dependentRequired', within(was, then, now), within(is, now, then), sentence);
  });
  const schemas = [...inEither('dependentSchemas')].flatMap((name) => {
    const [then, now] = [was, is].map((side) => placesOf(side.branch, 'dependentSchemas', name));
    const within = (side: Side, asked: readonly Steps[] | undefined, ways: readonly Below[]): Difference['kept'] =>
      cannot(side, name) || asked?.length === 0 || ways;
    const wholeOf = ({ branch }: Side): Steps[] => rootsOf(branch);
    const pair = (before: Conjunction = [], after: Conjunction = []): Below => ({ step: '', before, after });
    const kept = within(was, now, [pair(then, now), pair(wholeOf(was), now)]);
    const known = within(is, then, [pair(then, now), pair(then, wholeOf(is))]);
    const sentence = `what must hold beside ${name} was ${sayPlaces(was, then ?? [])}, is ${sayPlaces(is, now ?? [])}.`;
    return difference('dependentSchemas', kept, known, sentence);
  });
  return [...required, ...schemas];
}

function say(names: readonly string[]): string {
  return names.join(' and ') || 'nothing';
}

/** The outermost schemas of a branch, which all its values keep. */
function rootsOf({ parts }: Branch): Steps[] {
  return parts.flatMap(({ steps, within }) => (within.length === 0 ? [steps] : []));
}

export function compareArrays(comparing: Comparing, was: Side, is: Side): Found {
  const most = Math.min(longest(was) ?? Infinity, longest(is) ?? Infinity);
  const fixed = Math.max(fixedItems(was.branch), fixedItems(is.branch));
  const items = Array.from({ length: fixed + 1 }, (_, index): Below[] => {
    const [before, after] = [was.reader.item(was.branch, index), is.reader.item(is.branch, index)];
    const step = index < fixed ? `[${index}]` : '[*]';
    // The end of an array is compared as its length.
    const isBeyond = index >= most || before === 'nothing' || after === 'nothing';
    return isBeyond || before.length + after.length === 0 ? [] : [{ step, before, after }];
  }).flat();
  const isUnique = ({ branch }: Side): boolean => valuesOfKeyword(branch, 'uniqueItems').includes(true);
  const [then, now] = [isUnique(was), isUnique(is)];
  const unique = (side: Side): boolean => isUnique(side) || (longest(side) ?? Infinity) < 2;
  return [
    ...items,
    ...difference('uniqueItems', !now || unique(was), !then || unique(is), `uniqueItems was ${then}, is ${now}.`),
    ...compareContains(comparing, was, is),
  ];
}

interface Contains {
  place: Steps;
  least: number;
  most: number;
}

function containsOf({ parts }: Branch): Contains[] {
  return parts.flatMap(({ steps, schema: { contains, minContains = 1, maxContains } }) => {
    if (contains === undefined) return [];
    const found = { place: [...steps, 'contains'], least: Number(minContains), most: Number(maxContains ?? Infinity) };
    return found.least === 0 && found.most === Infinity ? [] : [found];
  });
}

function compareContains({ isSameText }: Comparing, was: Side, is: Side): Difference[] {
  const [then, now] = [containsOf(was.branch), containsOf(is.branch)];
  const text = ({ reader }: Side, { place }: Contains): unknown => valueAt(reader.document, place);
  const isSame = (one: Contains, other: Contains, isKept: boolean): boolean => {
    const [own, asked] = isKept ? [one, other] : [other, one];
    return own.least >= asked.least && own.most <= asked.most && isSameText(text(was, one), text(is, other));
  };
  const within = (
    side: Side,
    own: readonly Contains[],
    asked: readonly Contains[],
    isKept: boolean,
  ): Difference['kept'] => {
    const open = asked.filter(
      (each) => !own.some((one) => isSame(...(isKept ? ([one, each] as const) : ([each, one] as const)), isKept)),
    );
    const [other, ...more] = open;
    if (!other) return true;
    if (own.length === 0)
      return open.some(({ least, most }) => leastOf(side) < least || most < leastOf(side)) ? false : undefined;
    // Fewer items of a wider schema can be more than `maxContains`.
    const enough = own.filter(({ least }) => more.length === 0 && other.most === Infinity && least >= other.least);
    if (enough.length === 0)
      return leastOf(side) < other.least && own.every(({ least }) => least < other.least) ? false : undefined;
    return enough.map((one): Below => {
      const [before, after] = isKept ? [one, other] : [other, one];
      return { step: '', before: [before.place], after: [after.place] };
    });
  };
  const say = (side: Side, all: readonly Contains[]): string => sayAll(all.map((each) => text(side, each)));
  const sentence = `contains was ${say(was, then)}, is ${say(is, now)}.`;
  return difference('contains', within(was, then, now, true), within(is, now, then, false), sentence);
}

function leastOf({ branch }: Side): number {
  return boundOf(branch, 'minItems') ?? 0;
}

/** Keywords whose meaning is not taken apart: the same words say the same, and any others cannot be decided. */
const opaque: readonly (readonly string[])[] = [['not'], ['if', 'then', 'else'], ['$dynamicRef']];

export function compareOpaque({ isSameText, lens }: Comparing, was: Side, is: Side): Difference[] {
  // Which items `contains` evaluates depends on each of them.
  const partly = [was, is].some(({ branch }) => valuesOfKeyword(branch, 'contains').length > 0)
    ? [['unevaluatedItems', 'contains', 'minContains', 'maxContains']]
    : [];
  // How a value is written in XML counts in bodies that may be of it.
  const written = lens.as === 'bytes' ? [['xml']] : [];
  return [...opaque, ...partly, ...written].flatMap((keywords) => {
    const of = ({ branch }: Side): unknown[] => {
      const values = branch.parts.map(({ schema }) => keywords.map((keyword) => schema[keyword] ?? null));
      return values.filter(([first]) => first !== null && first !== undefined);
    };
    const [then, now] = [of(was), of(is)];
    const within = (own: readonly unknown[], asked: readonly unknown[], flip: boolean): Within =>
      asked.every((each) => own.some((one) => (flip ? isSameText(each, one) : isSameText(one, each)))) || undefined;
    const [keyword = ''] = keywords;
    const words = (values: readonly unknown[]): string => (values.length > 0 ? 'there' : 'not there');
    const change = then.length > 0 && now.length > 0 ? 'is another now' : `was ${words(then)}, is ${words(now)}`;
    const [kept, known] = [within(then, now, false), within(now, then, true)];
    const both = keyword === 'xml' ? every([kept, known]) : undefined;
    return difference(
      keyword,
      keyword === 'xml' ? both : kept,
      keyword === 'xml' ? both : known,
      `${keyword} ${change}.`,
    );
  });
}
