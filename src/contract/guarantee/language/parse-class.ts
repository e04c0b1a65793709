import {
  ascii,
  character,
  digits,
  intersect,
  negate,
  spaces,
  unite,
  wordCharacters,
  type Characters,
} from './characters.ts';
import { UnsupportedRegex, type Dialect } from '../../../matching/regex/ast.ts';
import type { TextReader } from './text-reader.ts';

const controls: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
  a: '\u0007',
  e: '\u001B',
};

/** What follows a `[`, up to its `]`. */
export function parseClass(reader: TextReader, dialect: Dialect): Characters {
  const negated = reader.take('^');
  const sets: Characters[] = [];
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.ended) throw new UnsupportedRegex('[ without ]');
    const next = reader.peek();
    if (next === ']') throw new UnsupportedRegex('an empty class');
    if (dialect === 'pact' && (next === '[' || next === '&')) throw new UnsupportedRegex('a class within a class');
    sets.push(range(reader, dialect, negated));
  }
  reader.next();
  const united = unite(sets.flat());
  return negated ? negate(united) : united;
}

function range(reader: TextReader, dialect: Dialect, negated: boolean): Characters {
  const from = member(reader, dialect, negated);
  if (reader.peek() !== '-') return from;
  reader.next();
  if (reader.peek() === ']') return [...from, ...character('-')];
  const to = member(reader, dialect, negated);
  const [start, end] = [from[0], to[0]];
  if (!start || !end || from.length > 1 || to.length > 1) return [...from, ...character('-'), ...to];
  if (start[0] > end[1]) throw new UnsupportedRegex('a range that goes backwards');
  return [[start[0], end[1]]];
}

function member(reader: TextReader, dialect: Dialect, negated: boolean): Characters {
  const next = reader.next();
  if (next !== '\\') return character(next);
  return reader.take('b') ? character('\b') : parseEscape(reader, dialect, negated);
}

/**
 * What follows a backslash.
 *
 * Pact's engine counts letters and digits of all writing as `\w` and `\d`, and nobody says here which. So beyond ASCII they
 * are taken as in neither set: what is proved is true in any case.
 * @param outside whether the class around it is negated, which turns that around.
 */
export function parseEscape(reader: TextReader, dialect: Dialect, outside = false): Characters {
  const next = reader.next();
  const unsure = dialect === 'pact';
  const sure = (set: Characters): Characters => (unsure && outside ? unite([...set, ...negate(ascii)]) : set);
  const rest = (set: Characters): Characters => (unsure && !outside ? intersect(negate(set), ascii) : negate(set));
  switch (next) {
    case 'd':
      return sure(digits);
    case 'D':
      return rest(digits);
    case 'w':
      return sure(wordCharacters);
    case 'W':
      return rest(wordCharacters);
    case 's':
      return spaces;
    case 'S':
      return negate(spaces);
    case 'x':
    case 'u':
      return coded(reader, next);
    default:
      if (next === '' || /[1-9A-Za-z]/.test(next)) return control(next);
      return character(next === '0' ? '\0' : next);
  }
}

function control(letter: string): Characters {
  const found = controls[letter];
  if (found === undefined) throw new UnsupportedRegex(`\\${letter}`);
  return character(found);
}

function coded(reader: TextReader, letter: string): Characters {
  const found = reader.match(letter === 'x' ? /([\dA-Fa-f]{2})/y : /(?:\{([\dA-Fa-f]{1,6})\}|([\dA-Fa-f]{4}))/y);
  const code = Number.parseInt(found?.[1] ?? found?.[2] ?? '', 16);
  if (!(code <= 0x10_ff_ff)) throw new UnsupportedRegex(`\\${letter}`);
  return [[code, code]];
}
