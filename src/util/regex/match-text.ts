import { has, UnsupportedRegex, type Characters, type RegexTree } from './ast.ts';
import { assertions, Automaton, TooLarge } from './automaton.ts';
import { kindOfCharacter } from './find-text.ts';
import { parseRegex } from './parse.ts';

/** What one text may cost, which is about 0.1 s: states that an automaton is in, or steps of a search that goes back. */
const mostStates = 300_000;
const mostSteps = 100_000;
/** Places of an automaton that are kept; patterns of documents have some dozens. */
const mostPlaces = 2000;

/** A pattern of JSON Schema (ECMA-262 with the flag u), with a bound on the time that a text takes. */
export interface TextPattern {
  test: (text: string) => boolean;
  toString: () => string;
}

const known = new Map<string, TextPattern>();

/**
 * Compiles a pattern. It runs as an automaton, in time linear in the text. What needs to go back, such as a look ahead,
 * does so within a bound, beyond which the text does not match. What cannot be read matches each text.
 * @param flags `i` is known.
 * @throws SyntaxError if it is no regular expression.
 */
export function compilePattern(source: string, flags = 'u'): TextPattern {
  const key = `/${source}/${flags}`;
  const found = known.get(key);
  if (found) return found;
  // Patterns that none of the parts here can read have to be right all the same.
  const { ignoreCase } = new RegExp(source, flags);
  if (known.size > 1000) known.clear();
  let test: TextPattern['test'] | undefined;
  const pattern = {
    test: (text: string): boolean => (test ??= tester(source, ignoreCase))(text),
    toString: () => key,
  };
  known.set(key, pattern);
  return pattern;
}

function tester(source: string, ignoreCase: boolean): TextPattern['test'] {
  let tree: RegexTree;
  try {
    tree = parseRegex(source, 'ecma', ignoreCase);
  } catch (error) {
    if (error instanceof UnsupportedRegex) return () => true;
    throw error;
  }
  try {
    const automaton = new Walk(new Automaton(tree, 'ecma'));
    return (text) => automaton.test(text);
  } catch (error) {
    if (!(error instanceof UnsupportedRegex || error instanceof TooLarge)) throw error;
    return (text) => new Search(text).finds(tree);
  }
}

/** Where an automaton may stand, and where each kind of character leads from there. */
interface Place {
  states: readonly number[];
  before: number | undefined;
  isDone: boolean;
  next: (Place | undefined)[];
}

/** Walks through an automaton; the places that it comes to are kept. */
class Walk {
  readonly #automaton: Automaton;
  /** The first characters of the ranges that the pattern tells apart. */
  readonly #starts: number[];
  readonly #ascii: number[];
  #places = new Map<string, Place>();

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    const cuts = new Set([0, 128]);
    for (const set of automaton.sets) for (const [from, to] of set) cuts.add(from).add(to + 1);
    this.#starts = [...cuts].toSorted((a, b) => a - b);
    this.#ascii = Array.from({ length: 128 }, (_, code) => this.#search(code));
  }

  test(text: string): boolean {
    const limit = this.#automaton.work + mostStates;
    let place = this.#place([0], undefined);
    for (let at = 0; at < text.length; at += 1) {
      if (place.isDone) return true;
      const code = text.codePointAt(at) ?? 0;
      if (code > 0xff_ff) at += 1;
      const kind = this.#ascii[code] ?? this.#search(code);
      let next = place.next[kind];
      if (!next) {
        if (this.#automaton.work > limit) return false;
        next = this.#place(this.#automaton.next(place.states, place.before, code), code);
        place.next[kind] = next;
      }
      place = next;
    }
    return this.#automaton.accepts(place.states, place.before);
  }

  #place(states: readonly number[], before: number | undefined): Place {
    const key = `${before === undefined ? '' : kindOfCharacter(before)} ${states.join(',')}`;
    const found = this.#places.get(key);
    if (found) return found;
    const isDone = this.#automaton.isDone(states);
    const place = { states, before, isDone, next: [] };
    // Those that are kept point to others, which go with them.
    if (this.#places.size >= mostPlaces) {
      for (const each of this.#places.values()) each.next = [];
      this.#places = new Map();
    }
    this.#places.set(key, place);
    return place;
  }

  /** The number of the range that a character is in. */
  #search(code: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? Infinity) <= code) low = middle;
      else high = middle;
    }
    return low;
  }
}

class TooLong extends Error {}

type Then = (at: number) => boolean;

/** Tries all ways through a pattern, which may look around and refer back. */
class Search {
  readonly #codes: readonly number[];
  #groups = new Map<number, readonly [from: number, to: number]>();
  #steps = mostSteps;

  constructor(text: string) {
    this.#codes = Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
  }

  finds(tree: RegexTree): boolean {
    try {
      return (
        this.#codes.some((_, at) => this.#match(tree, at, () => true)) ||
        this.#match(tree, this.#codes.length, () => true)
      );
    } catch (error) {
      // A text on which each character is a call of its own may be more than the stack holds.
      if (error instanceof TooLong || error instanceof RangeError) return false;
      throw error;
    }
  }

  #match(tree: RegexTree, at: number, then: Then): boolean {
    if ((this.#steps -= 1) < 0) throw new TooLong();
    switch (tree.kind) {
      case 'characters':
        return this.#is(tree.set, at) && then(at + 1);
      case 'assert':
        return assertions[tree.what](this.#codes[at - 1], this.#codes[at]) && then(at);
      case 'sequence':
        return this.#sequence(tree.parts, 0, at, then);
      case 'choice':
        return tree.parts.some((part) => this.#match(part, at, then));
      case 'group':
        return this.#match(tree.part, at, (to) => this.#within(tree.index, [at, to], () => then(to)));
      case 'look':
        return this.#looks(tree, at) !== tree.negated && then(at);
      case 'back':
        return this.#back(tree.to, at, then);
      case 'repeat':
        break;
    }
    const { part, least, most = Infinity } = tree;
    if (part.kind === 'characters') return this.#run(part.set, least, most, at, then);
    return this.#repeat(part, least, most, at, then);
  }

  #is(set: Characters, at: number): boolean {
    const code = this.#codes[at];
    return code !== undefined && has(set, code);
  }

  #sequence(parts: readonly RegexTree[], index: number, at: number, then: Then): boolean {
    const part = parts[index];
    return part ? this.#match(part, at, (to) => this.#sequence(parts, index + 1, to, then)) : then(at);
  }

  /** Characters of one set, the most first. */
  #run(set: Characters, least: number, most: number, at: number, then: Then): boolean {
    let to = at;
    while (to - at < most && this.#is(set, to)) to += 1;
    for (this.#steps -= to - at; to - at >= least; to -= 1) {
      if ((this.#steps -= 1) < 0) throw new TooLong();
      if (then(to)) return true;
    }
    return false;
  }

  #repeat(part: RegexTree, least: number, most: number, at: number, then: Then): boolean {
    const again = (to: number): boolean =>
      // What is empty needs no repetition.
      (to > at || least > 0) && this.#repeat(part, Math.max(0, least - 1), most - 1, to, then);
    return (most > 0 && this.#match(part, at, again)) || (least <= 0 && then(at));
  }

  #looks({ part, ahead }: Extract<RegexTree, { kind: 'look' }>, at: number): boolean {
    if (ahead) return this.#match(part, at, () => true);
    for (let from = at; from >= 0; from -= 1) if (this.#match(part, from, (to) => to === at)) return true;
    return false;
  }

  #within(index: number, found: readonly [number, number], then: () => boolean): boolean {
    const before = this.#groups.get(index);
    this.#groups.set(index, found);
    if (then()) return true;
    if (before) this.#groups.set(index, before);
    else this.#groups.delete(index);
    return false;
  }

  /** A group that has not matched is the empty text. */
  #back(to: number, at: number, then: Then): boolean {
    const [from = 0, end = 0] = this.#groups.get(to) ?? [];
    const { length } = this.#codes.slice(from, end);
    this.#steps -= length;
    for (let index = 0; index < length; index += 1)
      if (this.#codes[from + index] !== this.#codes[at + index]) return false;
    return then(at + length);
  }
}
