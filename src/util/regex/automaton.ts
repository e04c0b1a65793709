import {
  ascii,
  has,
  UnsupportedRegex,
  wordCharacters,
  type Assertion,
  type Characters,
  type Dialect,
  type RegexTree,
} from './ast.ts';

/** One way on from a state: over a character, or without one where an assertion holds. */
type Step = { over: Characters; to: number } | { where: Assertion | undefined; to: number };

const mostStates = 4000;
const mostRepeats = 1000;

export class TooLarge extends Error {}

/**
 * A finite automaton that accepts what a regular expression does. JSON Schema asks whether there is a match somewhere in the
 * text, Pact whether the whole text is one.
 */
export class Automaton {
  readonly #steps: Step[][] = [[]];
  readonly #final: number;
  readonly #whole: boolean;
  /** How many states it has been in. */
  work = 0;

  constructor(tree: RegexTree, dialect: Dialect) {
    this.#whole = dialect === 'pact';
    this.#final = this.#add(tree, 0);
  }

  /** Whether a text has a match, whatever follows. */
  isDone(states: readonly number[]): boolean {
    return !this.#whole && states[0] === this.#final && states.length === 1;
  }

  get sets(): Characters[] {
    const sets = this.#steps.flatMap((steps) => steps.flatMap((step) => ('over' in step ? [step.over] : [])));
    // Assertions look at these.
    const isSure = this.#steps.some((steps) =>
      steps.some((step) => 'where' in step && step.where?.startsWith('sure ')),
    );
    return [...sets, wordCharacters, [[10, 10]], ...(isSure ? [ascii] : [])];
  }

  /**
   * Where it stands after one more character.
   * @param before the character in front of it, undefined at the beginning of the text.
   */
  next(states: readonly number[], before: number | undefined, code: number): readonly number[] {
    const reached = new Set<number>();
    for (const state of this.#spread(states, before, code)) {
      // What has matched stays matched, whatever follows.
      if (state === this.#final && !this.#whole) return [this.#final];
      for (const step of this.#steps[state] ?? []) if ('over' in step && has(step.over, code)) reached.add(step.to);
    }
    // A match may begin anywhere.
    if (!this.#whole) reached.add(0);
    return [...reached].toSorted((a, b) => a - b);
  }

  accepts(states: readonly number[], before: number | undefined): boolean {
    return this.#spread(states, before, undefined).has(this.#final);
  }

  #spread(states: readonly number[], before: number | undefined, after: number | undefined): Set<number> {
    const reached = new Set(states);
    for (const state of reached)
      for (const step of this.#steps[state] ?? [])
        if ('where' in step && (step.where === undefined || assertions[step.where](before, after)))
          reached.add(step.to);
    this.work += reached.size;
    return reached;
  }

  #add(tree: RegexTree, from: number): number {
    switch (tree.kind) {
      case 'characters':
        return this.#step(from, (to) => ({ over: tree.set, to }));
      case 'assert':
        return this.#step(from, (to) => ({ where: tree.what, to }));
      case 'sequence':
        return tree.parts.reduce((state, part) => this.#add(part, state), from);
      case 'choice': {
        const end = this.#state();
        for (const part of tree.parts) {
          const begin = this.#step(from, (to) => ({ where: undefined, to }));
          this.#join(this.#add(part, begin), end);
        }
        return end;
      }
      case 'group':
        return this.#add(tree.part, from);
      case 'look':
        throw new UnsupportedRegex('a group that looks around');
      case 'back':
        throw new UnsupportedRegex('a reference back');
      case 'repeat':
        break;
    }
    if (Math.max(tree.least, tree.most ?? 0) > mostRepeats) throw new UnsupportedRegex('too many repetitions');
    return this.#repeat(tree, from);
  }

  #repeat({ part, least, most }: Extract<RegexTree, { kind: 'repeat' }>, from: number): number {
    let state = from;
    for (let count = 0; count < least; count += 1) state = this.#add(part, state);
    const end = this.#state();
    for (let count = least; count < (most ?? least + 1); count += 1) {
      // A state of its own, to which the repetition leads back.
      const fork = this.#step(state, (to) => ({ where: undefined, to }));
      this.#join(fork, end);
      state = this.#add(part, fork);
      if (most === undefined) this.#join(state, fork);
    }
    if (most !== undefined) this.#join(state, end);
    return end;
  }

  #state(): number {
    if (this.#steps.length >= mostStates) throw new TooLarge();
    return this.#steps.push([]) - 1;
  }

  #step(from: number, make: (to: number) => Step): number {
    const to = this.#state();
    this.#steps[from]?.push(make(to));
    return to;
  }

  #join(from: number, to: number): void {
    this.#steps[from]?.push({ where: undefined, to });
  }
}

type Neighbour = number | undefined;

/** Whether an assertion holds between two characters; undefined is the start or the end of the text. */
export const assertions: Readonly<Record<Assertion, (before: Neighbour, after: Neighbour) => boolean>> = {
  'text start': (before) => before === undefined,
  'text end': (_, after) => after === undefined,
  // Not after a newline that ends the text, as in Oniguruma.
  'line start': (before, after) => before === undefined || (before === 10 && after !== undefined),
  'line end': (_, after) => after === undefined || after === 10,
  word: (before, after) => isWord(before) !== isWord(after),
  'no word': (before, after) => isWord(before) === isWord(after),
  'sure word': (before, after) => isAscii(before) && isAscii(after) && isWord(before) !== isWord(after),
  'sure no word': (before, after) => isAscii(before) && isAscii(after) && isWord(before) === isWord(after),
};

function isAscii(code: number | undefined): boolean {
  return code === undefined || has(ascii, code);
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && has(wordCharacters, code);
}
