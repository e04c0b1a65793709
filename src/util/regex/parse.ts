import {
  ascii,
  character,
  charactersOf,
  digits,
  inBothCases,
  intersect,
  negate,
  spaces,
  unite,
  UnsupportedRegex,
  wordCharacters,
  type Assertion,
  type Characters,
  type Dialect,
  type RegexTree,
} from './ast.ts';

/**
 * Takes a regular expression apart.
 * @param ignoreCase whether letters of ASCII stand for those of both cases.
 * @throws UnsupportedRegex for syntax that is unknown.
 */
export function parseRegex(source: string, dialect: Dialect, ignoreCase = false): RegexTree {
  const reader = new TextReader(source);
  let groups = 0;
  const names = new Map<string, number>();
  const characters = (set: Characters): RegexTree => ({ kind: 'characters', set: ignoreCase ? inBothCases(set) : set });
  const tree = choice();
  if (!reader.ended) throw new UnsupportedRegex(`${reader.peek()} has no beginning`);
  return tree;

  function choice(): RegexTree {
    const parts = [sequence()];
    while (reader.take('|')) parts.push(sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
  }

  function sequence(): RegexTree {
    const parts: RegexTree[] = [];
    while (!reader.ended && reader.peek() !== '|' && reader.peek() !== ')') parts.push(repeated(single()));
    return { kind: 'sequence', parts };
  }

  function repeated(part: RegexTree): RegexTree {
    let tree = part;
    for (;;) {
      const bounds = quantifier();
      if (!bounds) return tree;
      const [least, most] = bounds;
      tree = { kind: 'repeat', part: tree, least, most };
      // Whether it is greedy changes where it matches, not whether it does.
      reader.take('?');
      if (reader.peek() === '+') throw new UnsupportedRegex('a possessive quantifier');
    }
  }

  function quantifier(): [number, number | undefined] | undefined {
    if (reader.take('*')) return [0, undefined];
    if (reader.take('+')) return [1, undefined];
    if (reader.take('?')) return [0, 1];
    const found = reader.match(/\{(\d*)(,?)(\d*)\}/y);
    if (!found) return undefined;
    const [, from = '', comma, to = ''] = found;
    if (from === '' && (to === '' || dialect === 'ecma')) throw new UnsupportedRegex('{ that is no number');
    if (comma === '') return [Number(from), Number(from)];
    return [Number(from), to === '' ? undefined : Number(to)];
  }

  function single(): RegexTree {
    const next = reader.next();
    switch (next) {
      case '(':
        return group();
      case '[':
        return characters(parseClass(reader, dialect));
      case '.':
        return characters(negate(dialect === 'pact' ? newline : lineEnds));
      case '^':
        return assert(dialect === 'ecma' ? 'text start' : 'line start');
      case '$':
        return assert(dialect === 'ecma' ? 'text end' : 'line end');
      case '\\':
        return escape();
      case '*':
      case '+':
      case '?':
        throw new UnsupportedRegex(`${next} repeats nothing`);
      default:
        return characters(character(next));
    }
  }

  function group(): RegexTree {
    const look = dialect === 'ecma' ? reader.match(/\?(<?)([=!])/y) : undefined;
    const isPlain = !look && reader.match(/\?:/y) !== undefined;
    const name = look || isPlain ? undefined : reader.match(/\?P?<([A-Za-z_]\w*)>/y)?.[1];
    if (!look && !isPlain && reader.peek() === '?')
      throw new UnsupportedRegex('a group that looks around, or sets options');
    const index = look || isPlain ? 0 : (groups += 1);
    if (name !== undefined) names.set(name, index);
    const part = choice();
    if (!reader.take(')')) throw new UnsupportedRegex('a group without end');
    if (look) return { kind: 'look', part, ahead: look[1] === '', negated: look[2] === '!' };
    return isPlain ? part : { kind: 'group', part, index };
  }

  function escape(): RegexTree {
    const borders: Record<string, Assertion> =
      dialect === 'ecma'
        ? { b: 'word', B: 'no word' }
        : { b: 'sure word', B: 'sure no word', A: 'text start', z: 'text end', Z: 'text end' };
    const border = borders[reader.peek()];
    const back = dialect === 'ecma' ? reader.match(/k<(\w+)>|([1-9]\d*)/y) : undefined;
    if (back) {
      const to = back[1] === undefined ? Number(back[2]) : names.get(back[1]);
      if (to === undefined) throw new UnsupportedRegex('a reference to a group that comes later');
      return { kind: 'back', to };
    }
    if (border === undefined) return characters(parseEscape(reader, dialect));
    reader.next();
    return assert(border);
  }
}

function assert(what: Assertion): RegexTree {
  return { kind: 'assert', what };
}

const newline = character('\n');
const lineEnds = [...newline, ...character('\r'), ...character('\u2028'), ...character('\u2029')];

const controls: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
  a: '\u0007',
  e: '\u001B',
};

function parseClass(reader: TextReader, dialect: Dialect): Characters {
  const negated = reader.take('^');
  const sets: Characters[] = [];
  for (let first = dialect === 'pact'; first || reader.peek() !== ']'; first = false) {
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
 * Pact's engine counts letters and digits of all scripts as `\w` and `\d`; which ones is not known here. So those beyond
 * ASCII are in neither set: what is proved holds in any case.
 * @param outside whether the class around it is negated, which turns that around.
 */
function parseEscape(reader: TextReader, dialect: Dialect, outside = false): Characters {
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
    case 'p':
    case 'P': {
      const property = unsure ? undefined : reader.match(/\{([\w=]+)\}/y)?.[1];
      if (property === undefined) throw new UnsupportedRegex(`\\${next}`);
      return next === 'p' ? charactersOf(property) : negate(charactersOf(property));
    }
    case 'x':
    case 'u':
      return coded(reader, next);
    default:
      if (!/[1-9A-Za-z]|^$/.test(next)) return character(next === '0' ? '\0' : next);
      if (controls[next] === undefined) throw new UnsupportedRegex(`\\${next}`);
      return character(controls[next]);
  }
}

function coded(reader: TextReader, letter: string): Characters {
  const found = reader.match(letter === 'x' ? /([\dA-Fa-f]{2})/y : /(?:\{([\dA-Fa-f]{1,6})\}|([\dA-Fa-f]{4}))/y);
  const code = Number.parseInt(found?.[1] ?? found?.[2] ?? '', 16);
  if (!(code <= 0x10_ff_ff)) throw new UnsupportedRegex(`\\${letter}`);
  return [[code, code]];
}

class TextReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  get ended(): boolean {
    return this.#at >= this.#characters.length;
  }

  peek(): string {
    return this.#characters[this.#at] ?? '';
  }

  next(): string {
    const found = this.peek();
    this.#at += 1;
    return found;
  }

  take(wanted: string): boolean {
    if (this.peek() !== wanted) return false;
    this.#at += 1;
    return true;
  }

  /** Passes what a sticky pattern of ASCII matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = 0;
    const found = pattern.exec(this.#characters.slice(this.#at, this.#at + 100).join(''));
    if (found) this.#at += found[0].length;
    return found ?? undefined;
  }
}
