import type { OpenApiDocument } from '../openapi/document.ts';
import { SchemaReader, type Conjunction, type ResolvedSchema, type Steps } from '../openapi/schema.ts';
import { valueAt } from '../util/json.ts';
import { Assumptions, type Assumption, type Options } from './assumptions.ts';
import type { FoundChange } from './change.ts';
import { differencesOf, type Below, type Difference } from './schema-differences.ts';

/** Requests must still be accepted; responses must still be expected. */
export type Direction = 'request' | 'response';

/** A schema of the old document and the one in its place in the new. */
interface Pair {
  key: string;
  before: ResolvedSchema;
  after: ResolvedSchema;
  /** Differences of their own keywords, without those of their alternatives. */
  differences: readonly Difference[];
  below: readonly Below[];
}

interface Visit {
  pair: Pair;
  steps: readonly string[];
  above: Visit | undefined;
  /** How many of the steps lead to all places at which it was met. */
  common: number;
}

type Group = ResolvedSchema['groups'][number];

/** Pairs of conjunctions that are looked at. Schemas that contain themselves in turns of different lengths multiply. */
const mostCombined = 20_000;

/** The toolkit reads no deeper JSON. */
const deepest = 200;

/** Compares schemas of two documents, each pair once. */
export class SchemaComparison {
  readonly #before: SchemaReader;
  readonly #after: SchemaReader;
  readonly #pairs = new Map<string, Pair>();
  readonly #assumptions = new Assumptions();
  #combined = 0;

  constructor(before: OpenApiDocument, after: OpenApiDocument) {
    this.#before = new SchemaReader(before);
    this.#after = new SchemaReader(after);
  }

  /**
   * What has changed between the schemas of a body, a parameter or a header, from the outside in. A change of a schema
   * that stands at several places is told once, at the first of them.
   * @param before where the schema stands; undefined where there is none.
   */
  compare(before: Steps | undefined, after: Steps | undefined, direction: Direction, place = '$'): FoundChange[] {
    const all = (reader: SchemaReader, steps: Steps | undefined): Conjunction => (steps ? [reader.at(steps)] : []);
    const root = this.#pair(all(this.#before, before), all(this.#after, after));
    const seen = new Map<string, Visit>();
    const ahead: Visit[] = [{ pair: root, steps: [], above: undefined, common: Infinity }];
    const told: { visit: Visit; difference: Difference }[] = [];
    for (const visit of ahead) {
      const { pair, steps } = visit;
      const first = seen.get(pair.key);
      if (first) meetAgain(first, steps);
      if (first || this.#same(pair)) continue;
      if (steps.length > deepest) {
        told.push({ visit: { ...visit, steps: [] }, difference: tooMany });
        break;
      }
      seen.set(pair.key, visit);
      const { differences, changed } = this.#compareGroups(pair);
      for (const difference of [...pair.differences, ...differences]) told.push({ visit, difference });
      const below = pair.below.map((each) => [this.#pair(each.before, each.after), [each.step]] as const);
      for (const [inner, more] of [...below, ...changed.map((each) => [each, []] as const)])
        ahead.push({ pair: inner, steps: [...steps, ...more], above: visit, common: Infinity });
    }
    return told.map(({ visit, difference }) => tell(difference, direction, visit, place));
  }

  #pair(before: Conjunction, after: Conjunction): Pair {
    const [was, is] = [this.#before.read(before), this.#after.read(after)];
    const key = `${was.key} → ${is.key}`;
    const known = this.#pairs.get(key);
    if (known) return known;
    if (was.parts.length + is.parts.length > 2) this.#combined += 1;
    const made =
      this.#combined < mostCombined
        ? { key, before: was, after: is, ...differencesOf([this.#before, was], [this.#after, is]) }
        : { key, before: nothing, after: nothing, differences: [tooMany], below: [] };
    this.#pairs.set(key, made);
    return made;
  }

  #same(pair: Pair): boolean {
    return this.#assumptions.holds(this.#pairIs('same', pair));
  }

  #pairIs(as: 'same' | Direction, pair: Pair): Assumption {
    return {
      key: `${as} ${pair.key}`,
      premises: () => {
        const { differences, below, before, after } = pair;
        if (differences.some(({ change }) => as === 'same' || severityOf(change, as) === 'breaking')) return undefined;
        return [
          ...below.map((each) => [() => this.#pairIs(as, this.#pair(each.before, each.after))]),
          ...this.#groupsAre(as, before, after),
        ];
      },
    };
  }

  /** What is sent must still keep each group that there is now; what is answered kept each that there was. */
  #groupsAre(as: 'same' | Direction, before: ResolvedSchema, after: ResolvedSchema): Options[] {
    const now = after.groups.map((is) => [
      ...before.groups.map((was) => () => this.#groupIs(as, was, is)),
      ...(as === 'request' ? is.schemas.map((each) => () => this.#pairIs(as, this.#pair(before.steps, [each]))) : []),
    ]);
    const then = before.groups.map((was) => [
      ...after.groups.map((is) => () => this.#groupIs(as, was, is)),
      ...(as === 'response' ? was.schemas.map((each) => () => this.#pairIs(as, this.#pair([each], after.steps))) : []),
    ]);
    return [...(as === 'response' ? [] : now), ...(as === 'request' ? [] : then)];
  }

  /** Each alternative of one group has an equal in the other. */
  #groupIs(as: 'same' | Direction, was: Group, is: Group): Assumption {
    const likes = <T>(schemas: readonly Steps[], others: readonly Steps[], one: (a: Steps, b: Steps) => T): T[][] =>
      // Usually it has the same index.
      schemas.map((each, index) =>
        [...others.slice(index), ...others.slice(0, index)].map((other) => one(each, other)),
      );
    const option = (a: Steps, b: Steps) => (): Assumption => this.#pairIs(as, this.#pair([a], [b]));
    return {
      key: `${as} group ${was.key} → ${is.key}`,
      premises: () => [
        ...(as === 'response' ? [] : likes(was.schemas, is.schemas, option)),
        ...(as === 'request' ? [] : likes(is.schemas, was.schemas, (a, b) => option(b, a))),
      ],
    };
  }

  /** The differences between the alternatives of a pair, and the alternatives that changed into others. */
  #compareGroups({ before, after }: Pair): { differences: Difference[]; changed: Pair[] } {
    const differences: Difference[] = [];
    const changed: Pair[] = [];
    const areSame = (was: Group, is: Group): boolean => this.#assumptions.holds(this.#groupIs('same', was, is));
    const left = before.groups.filter((was) => !after.groups.some((is) => areSame(was, is)));
    const right = after.groups.filter((is) => !before.groups.some((was) => areSame(was, is)));
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      const [was, is] = [left[index], right[index]];
      if (was && is) {
        const found = this.#compareGroup(was, is);
        differences.push(...found.differences);
        changed.push(...found.changed);
      } else if (was) {
        const kept = was.schemas.some((each) => this.#breaksNothing('response', [each], after.steps));
        differences.push(alternatives(kept ? 'none' : 'wider', 'alternatives', 'had alternatives, has none.'));
      } else if (is) {
        const kept = is.schemas.some((each) => this.#breaksNothing('request', before.steps, [each]));
        differences.push(alternatives(kept ? 'none' : 'narrower', 'alternatives', 'had no alternatives, has some.'));
      }
    }
    return { differences, changed };
  }

  #compareGroup(was: Group, is: Group): { differences: Difference[]; changed: Pair[] } {
    const same = (a: Steps, b: Steps): boolean => this.#same(this.#pair([a], [b]));
    const gone = was.schemas.filter((each) => !is.schemas.some((other) => same(each, other)));
    const come = new Set(is.schemas.filter((each) => !was.schemas.some((other) => same(other, each))));
    const changed: Pair[] = [];
    const differences: Difference[] = [];
    const only = gone.length === 1 && come.size === 1;
    for (const each of gone) {
      const other =
        [...come].find((candidate) => this.#haveOneName(each, candidate)) ??
        [...come].find((candidate) => only || this.#areKin(this.#pair([each], [candidate])));
      if (other) {
        come.delete(other);
        changed.push(this.#pair([each], [other]));
      } else {
        const kept = is.schemas.some((candidate) => this.#breaksNothing('request', [each], [candidate]));
        const sentence = 'an alternative was there, is not any more.';
        differences.push(alternatives(kept ? 'none' : 'narrower', 'alternative-removed', sentence));
      }
    }
    for (const each of come) {
      const known = was.schemas.some((candidate) => this.#breaksNothing('response', [candidate], [each]));
      differences.push(alternatives(known ? 'none' : 'wider', 'alternative-added', 'an alternative is new.'));
    }
    return { differences, changed };
  }

  #breaksNothing(direction: Direction, before: Conjunction, after: Conjunction): boolean {
    return this.#assumptions.holds(this.#pairIs(direction, this.#pair(before, after)));
  }

  #haveOneName(before: Steps, after: Steps): boolean {
    const reference = valueAt(this.#before.document, [...before, '$ref']);
    return reference !== undefined && reference === valueAt(this.#after.document, [...after, '$ref']);
  }

  /** Whether one alternative can have become the other: neither they nor a property of theirs have nothing in common. */
  #areKin(pair: Pair): boolean {
    return [pair, ...pair.below.map((each) => this.#pair(each.before, each.after))].every(({ differences }) =>
      differences.every(({ rule, change }) => change !== 'other' || (rule !== 'type' && rule !== 'enum')),
    );
  }
}

/** A change that widens the values is harmless where they are sent, one that narrows them where they are answered. */
function severityOf(change: Difference['change'], direction: Direction): FoundChange['severity'] {
  const harmless = direction === 'request' ? 'wider' : 'narrower';
  return change === 'none' || change === harmless ? 'non-breaking' : 'breaking';
}

/** The place is what all values with the change share: a schema used at several places is reported at the first. */
function tell(
  { rule, step, change, sentence }: Difference,
  direction: Direction,
  visit: Visit,
  root: string,
): FoundChange {
  const steps = step === '' ? visit.steps : [...visit.steps, step];
  const open = steps.findIndex((each) => each === '.*' || /^\[\d/.test(each));
  const place = root + steps.slice(0, Math.min(commonOf(visit), open < 0 ? Infinity : open)).join('');
  return { severity: severityOf(change, direction), rule, place, sentence: `${root}${steps.join('')}: ${sentence}` };
}

function commonOf({ above, common }: Visit): number {
  return Math.min(common, above ? commonOf(above) : Infinity);
}

function meetAgain(first: Visit, steps: readonly string[]): void {
  const apart = first.steps.findIndex((step, index) => step !== steps[index]);
  if (apart >= 0) first.common = Math.min(first.common, apart);
}

function alternatives(change: Difference['change'], rule: string, sentence: string): Difference {
  return { change, rule, sentence, step: '' };
}

const nothing: ResolvedSchema = { key: '', steps: [], parts: [], groups: [], never: false };

const tooMany: Difference = {
  change: 'other',
  rule: 'too-complex',
  step: '',
  sentence: 'schemas lead on to others so often that not all of them were compared.',
};
