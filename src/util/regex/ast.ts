/**
 * A regular expression, taken apart. `most` is undefined where there is no end to it. What looks around or back is for no
 * finite automaton.
 */
export type RegexTree =
  | { kind: 'characters'; set: Characters }
  | { kind: 'sequence'; parts: readonly RegexTree[] }
  | { kind: 'choice'; parts: readonly RegexTree[] }
  | { kind: 'repeat'; part: RegexTree; least: number; most: number | undefined }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'group'; part: RegexTree; index: number }
  | { kind: 'look'; part: RegexTree; ahead: boolean; negated: boolean }
  | { kind: 'back'; to: number };

/**
 * `line` is a border of a line, `text` one of the whole text. `word` is a border between word characters of ASCII and others.
 * The sure ones hold only where both neighbours are ASCII: which other characters Pact's engine counts as letters is not known here.
 */
export type Assertion = `${'text' | 'line'} ${'start' | 'end'}` | `${'' | 'sure '}${'' | 'no '}word`;

/**
 * `ecma`: patterns of JSON Schema, which are looked for anywhere in a text. `pact`: those of Pact, which match a text from its
 * beginning to its end, by Oniguruma, where `^` and `$` are borders of lines.
 */
export type Dialect = 'ecma' | 'pact';

export class UnsupportedRegex extends Error {}

export type Characters = readonly (readonly [from: number, to: number])[];

const last = 0x10_ff_ff;

export const ascii: Characters = [[0, 127]];
export const digits: Characters = [[48, 57]];
export const wordCharacters: Characters = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
/** Whitespace of ECMAScript. Pact's engine differs in U+0085 and U+FEFF, which are rare enough to ignore. */
export const spaces: Characters = unite([
  [9, 13],
  [32, 32],
  [160, 160],
  [0x16_80, 0x16_80],
  [0x20_00, 0x20_0a],
  [0x20_28, 0x20_29],
  [0x20_2f, 0x20_2f],
  [0x20_5f, 0x20_5f],
  [0x30_00, 0x30_00],
  [0xfe_ff, 0xfe_ff],
]);

export function character(text: string): Characters {
  const code = text.codePointAt(0) ?? 0;
  return [[code, code]];
}

/** With the other case of each letter of ASCII. */
export function inBothCases(set: Characters): Characters {
  const others = (
    [
      [65, 90, 32],
      [97, 122, -32],
    ] as const
  ).flatMap(([first, end, shift]) =>
    intersect(set, [[first, end]]).map(([from, to]) => [from + shift, to + shift] as const),
  );
  return unite([...set, ...others]);
}

const properties = new Map<string, Characters>();

/** The characters of a property of Unicode, such as `L` or `Script=Greek`. @throws SyntaxError if there is none. */
export function charactersOf(property: string): Characters {
  const known = properties.get(property);
  if (known) return known;
  const runs = allCharacters().matchAll(new RegExp(`\\p{${property}}+`, 'gu'));
  const set = Array.from(runs, ({ 0: text, index }) => [codeAt(index), codeAt(index + text.length - 1)] as const);
  properties.set(property, set);
  return set;
}

/** Characters beside the halves of surrogate pairs, in order. */
function allCharacters(): string {
  const units = new Uint16Array(0xf8_00 + 2 * (last - 0xff_ff));
  for (let index = 0; index < units.length; index += 1) {
    const code = codeAt(index);
    if (code <= 0xff_ff) units[index] = code;
    else units[index] = index % 2 === 0 ? 0xd7_c0 + (code >>> 10) : 0xdc_00 + (code & 0x3_ff);
  }
  return new TextDecoder('utf-16le').decode(units);
}

/** The character at a place of that text. */
function codeAt(index: number): number {
  if (index < 0xf8_00) return index < 0xd8_00 ? index : index + 0x8_00;
  return 0x1_00_00 + Math.floor((index - 0xf8_00) / 2);
}

export function unite(ranges: Characters): Characters {
  const united: [number, number][] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const before = united.at(-1);
    if (before && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else united.push([from, to]);
  }
  return united;
}

export function negate(characters: Characters): Characters {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [start, end] of characters) {
    if (start > from) rest.push([from, start - 1]);
    from = end + 1;
  }
  if (from <= last) rest.push([from, last]);
  return rest;
}

export function intersect(one: Characters, other: Characters): Characters {
  return negate(unite([...negate(one), ...negate(other)]));
}

export function has(characters: Characters, code: number): boolean {
  return characters.some(([from, to]) => code >= from && code <= to);
}

/** One character of each kind that the sets tell apart, what a person can read first. */
export function representatives(sets: Iterable<Characters>): number[] {
  const cuts = new Set<number>([0]);
  for (const set of sets)
    for (const [from, to] of set) {
      cuts.add(from);
      if (to < last) cuts.add(to + 1);
    }
  const starts = [...cuts].toSorted((a, b) => a - b);
  const codes = starts.map((from, index) => readable(from, (starts[index + 1] ?? last + 1) - 1));
  return codes.filter((code) => code < 0xd8_00 || code > 0xdf_ff).toSorted((a, b) => rank(a) - rank(b) || a - b);
}

function readable(from: number, to: number): number {
  for (const wanted of [97, 65, 48, 45, 33]) if (from <= wanted && wanted <= to) return wanted;
  if (from <= 33 && to >= 33) return 33;
  // Halves of surrogate pairs are no characters.
  return from >= 0xd8_00 && from <= 0xdf_ff && to > 0xdf_ff ? 0xe0_00 : from;
}

function rank(code: number): number {
  if (code > 32 && code < 127) return 0;
  return code === 32 ? 1 : 2;
}
