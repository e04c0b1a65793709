import { styleOf } from '../openapi/parameters.ts';
import { canonical } from '../openapi/schema.ts';
import { entriesOf, fieldsOf } from '../util/json.ts';
import { essence, isForm, isJson } from '../util/media-type.ts';
import { change, type FoundChange } from './change.ts';
import { inBoth, placesBelow, type Comparison, type Located, type LocatedPair } from './comparison.ts';
import type { Direction, Lens } from './schemas/difference.ts';

/** Compares what bodies are described for, by media type. */
export function compareContent(comparison: Comparison, pair: LocatedPair, direction: Direction): FoundChange[] {
  const [was, is] = inBoth(pair, typesOf);
  const matched = new Set<string>();
  const gone = [...was].flatMap(([type, before]) => {
    const names = direction === 'request' ? accepting(type, is) : answering(type, is);
    for (const name of names) matched.add(name);
    const details = { contentType: type };
    if (names.length === 0)
      return [{ ...change('breaking', 'content-type-removed', `${type} was removed.`), ...details }];
    return names.flatMap((name) => {
      const after = is.get(name);
      if (!after) return [];
      const lens: Lens = { direction, as: isJson(type) ? 'json' : isForm(type) ? 'texts' : 'bytes' };
      const encoding = compareEncoding([before, after]).map((each) => ({ ...each, ...details }));
      return [...comparison.schemas([before, after], lens, details), ...encoding];
    });
  });
  const come = [...is.keys()].filter((type) => !matched.has(type));
  return [
    ...gone,
    ...come.map((type) => ({ ...change('non-breaking', 'content-type-added', `${type} is new.`), contentType: type })),
  ];
}

/** The media types in one way of writing: UTF-8 is what JSON is in anyway, and most texts. */
function typesOf(holder: Located): Map<string, Located> {
  return new Map([...placesBelow(holder, 'content')].map(([type, place]) => [plainType(type), place]));
}

function plainType(type: string): string {
  const parameters = type
    .split(';')
    .slice(1)
    .map((each) => each.trim().replace(/^[^=]*/, (name) => name.trim().toLowerCase()))
    .filter((each) => each !== '' && !/^charset="?utf-?8"?$/i.test(each));
  return [essence(type), ...parameters.toSorted()].join('; ');
}

/** The described types that take what one type did: itself, or else the nearest range around it. */
function accepting(type: string, described: ReadonlyMap<string, Located>): string[] {
  const [wide = ''] = type.split('/');
  const found = [type, type.split(';')[0] ?? type, `${wide}/*`, '*/*'].find((each) => described.has(each));
  return found === undefined ? [] : [found];
}

/** The described types of answers that were within one type: itself, or else all that the range holds. */
function answering(type: string, described: ReadonlyMap<string, Located>): string[] {
  if (described.has(type)) return [type];
  if (!type.endsWith('/*')) return [];
  const start = type === '*/*' ? '' : type.slice(0, -1);
  return [...described.keys()].filter((each) => each.startsWith(start));
}

/** How the fields of a form are written; JSON has no such thing. */
function compareEncoding(pair: LocatedPair): FoundChange[] {
  const [was, is] = inBoth(
    pair,
    ({ fields }) => new Map(entriesOf(fields['encoding']).map(([name, of]) => [name, wayOf(of)])),
  );
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [before, after] = [was.get(name) ?? wayOf({}), is.get(name) ?? wayOf({})];
    if (before === after) return [];
    return [change('breaking', 'encoding', `The encoding of ${name} was ${before}, is ${after}.`)];
  });
}

function wayOf(encoding: unknown): string {
  const { contentType, allowReserved = false, headers = {}, ...others } = fieldsOf(encoding) ?? {};
  const type = typeof contentType === 'string' ? contentType.toLowerCase() : undefined;
  return canonical({ ...styleOf({ ...others, in: 'query' }), contentType: type, allowReserved, headers });
}
