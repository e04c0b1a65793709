import { representatives, UnsupportedRegex } from './ast.ts';
import { Automaton, TooLarge } from './automaton.ts';
import type { Language } from './language.ts';
import { parseRegex } from './parse.ts';

const mostVisited = 3000;

/** Some texts of a language; or that it has none, which is a proof; or why that is not decided. */
export type Found = { kind: 'texts'; texts: string[] } | { kind: 'none' } | { kind: 'unknown'; reason: string };

class UnknownLanguage extends Error {}

interface Place {
  states: readonly (readonly number[])[];
  before: number | undefined;
  text: string;
}

/**
 * Looks for texts of a language, the shortest first, by walking through the automata of all its regular expressions at once.
 * Where the walk ends without one, there is none.
 */
export function findTexts(language: Language, wanted = 1): Found {
  const key = `${wanted} ${JSON.stringify(language)}`;
  const found = known.get(key) ?? search(language, wanted);
  if (known.size > 1000) known.clear();
  if (key.length < 5000) known.set(key, found);
  return found;
}

/** What was found before: the same matchers and schemas are asked about for each interaction and each mutant. */
const known = new Map<string, Found>();

function search(language: Language, wanted: number): Found {
  const automata: Automaton[] = [];
  let accepted: (place: Place) => boolean;
  try {
    accepted = prepare(language, automata);
  } catch (error) {
    return { kind: 'unknown', reason: reasonOf(error) };
  }
  const codes = representatives(automata.flatMap(({ sets }) => sets));
  const texts: string[] = [];
  const ahead: Place[] = [{ states: automata.map(() => [0]), before: undefined, text: '' }];
  const seen = new Set(ahead.map(keyOf));
  for (const place of ahead) {
    if (accepted(place)) texts.push(place.text);
    if (texts.length >= wanted) break;
    if (seen.size > mostVisited) return done(texts, 'the patterns are too large together');
    for (const code of codes) {
      const next = follow(automata, place, code);
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      ahead.push(next);
    }
  }
  return done(texts);
}

function done(texts: string[], reason?: string): Found {
  if (texts.length > 0) return { kind: 'texts', texts };
  return reason === undefined ? { kind: 'none' } : { kind: 'unknown', reason };
}

export function isOf(language: Language, text: string): boolean | undefined {
  const automata: Automaton[] = [];
  try {
    const accepted = prepare(language, automata);
    let place: Place = { states: automata.map(() => [0]), before: undefined, text: '' };
    for (const letter of text) place = follow(automata, place, letter.codePointAt(0) ?? 0);
    return accepted(place);
  } catch (error) {
    reasonOf(error);
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof UnsupportedRegex) return `the pattern has ${error.message}`;
  if (error instanceof TooLarge) return 'the pattern is too large';
  if (error instanceof UnknownLanguage) return error.message;
  throw error;
}

function follow(automata: readonly Automaton[], { states, before, text }: Place, code: number): Place {
  return {
    states: automata.map((automaton, index) => automaton.next(states[index] ?? [], before, code)),
    before: code,
    text: text + String.fromCodePoint(code),
  };
}

/** Collects the automata of a language, and says when a place in all of them is the end of one of its texts. */
function prepare(language: Language, automata: Automaton[]): (place: Place) => boolean {
  switch (language.kind) {
    case 'all':
      return () => true;
    case 'none':
      return () => false;
    case 'not': {
      const part = prepare(language.part, automata);
      return (place) => !part(place);
    }
    case 'and':
    case 'or': {
      const parts = language.parts.map((part) => prepare(part, automata));
      return (place) =>
        language.kind === 'and' ? parts.every((part) => part(place)) : parts.some((part) => part(place));
    }
    case 'unknown':
      throw new UnknownLanguage(language.reason);
    case 'match':
      break;
  }
  const automaton = new Automaton(parseRegex(language.source, language.dialect), language.dialect);
  const index = automata.push(automaton) - 1;
  return ({ states, before }) => automaton.accepts(states[index] ?? [], before);
}

/** The character before matters only by its kind: none, a new line, a word character, other ASCII, or beyond ASCII. */
function keyOf({ states, before }: Place): string {
  return `${before === undefined ? '' : kindOfCharacter(before)} ${states.map((each) => each.join(',')).join(' ')}`;
}

export function kindOfCharacter(code: number): string {
  if (code > 127) return 'x';
  if (code === 10) return 'n';
  return /\w/.test(String.fromCodePoint(code)) ? 'w' : 'o';
}
