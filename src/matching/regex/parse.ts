import { character, everyCharacter, negate, type Characters } from '../../contract/guarantee/language/characters.ts';
import { parseClass, parseEscape } from '../../contract/guarantee/language/parse-class.ts';
import { TextReader } from '../../contract/guarantee/language/text-reader.ts';
import { UnsupportedRegex, type Assertion, type Dialect, type RegexTree } from './ast.ts';

/** More than this is not unfolded. */
const mostRepeats = 1000;

/**
 * Takes a regular expression apart.
 * @throws UnsupportedRegex for what no finite automaton can do, such as references back, and for syntax that is unknown.
 */
export function parseRegex(source: string, dialect: Dialect): RegexTree {
  const reader = new TextReader(source);
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
      if (Math.max(least, most ?? 0) > mostRepeats) throw new UnsupportedRegex('too many repetitions');
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
        return { kind: 'characters', set: parseClass(reader, dialect) };
      case '.':
        return { kind: 'characters', set: anyInLine(dialect) };
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
        return { kind: 'characters', set: character(next) };
    }
  }

  function group(): RegexTree {
    if (reader.take('?') && !reader.take(':') && !reader.match(/P?<[A-Za-z]\w*>/y))
      throw new UnsupportedRegex('a group that looks around, or sets options');
    const tree = choice();
    if (!reader.take(')')) throw new UnsupportedRegex('a group without end');
    return tree;
  }

  function escape(): RegexTree {
    const borders: Record<string, Assertion> = { b: 'word', B: 'no word' };
    if (dialect === 'pact') Object.assign(borders, { A: 'text start', z: 'text end', Z: 'last line end' });
    const border = borders[reader.peek()];
    if (border === undefined) return { kind: 'characters', set: parseEscape(reader, dialect) };
    reader.next();
    return assert(border);
  }
}

function assert(what: Assertion): RegexTree {
  return { kind: 'assert', what };
}

function anyInLine(dialect: Dialect): Characters {
  const ends: Characters =
    dialect === 'pact'
      ? character('\n')
      : [...character('\n'), ...character('\r'), ...character('\u2028'), ...character('\u2029')];
  return ends.length === 0 ? everyCharacter : negate(ends.toSorted(([a], [b]) => a - b));
}
