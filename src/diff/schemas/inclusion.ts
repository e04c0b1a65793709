import {
  type SchemaReader,
  TooManyBranches,
  requiredOf,
  valuesOf,
  type Branch,
  type Conjunction,
  type ResolvedSchema,
  type Steps,
} from '../../openapi/schema.ts';
import type { JsonType } from '../../util/json.ts';
import { Assumptions, type Assumption, type Options } from './assumptions.ts';
import type { FoundChange } from '../change.ts';
import { compareLists, finite, isTextOf, narrowedTypes } from './compare-scalars.ts';
import {
  anything,
  every,
  type Below,
  type Comparing,
  type Difference,
  tooMany,
  type Lens,
  type Pair,
  type Relation,
  type Side,
  type Within,
} from './difference.ts';
import { compareDiscriminators, referredFrom } from './discriminators.ts';
import { counterparts, exclusiveGroups } from './exclusion.ts';
import { compareKeywords, compareTypes, withoutBytes } from './compare-keywords.ts';
import type { Documents } from './unchanged.ts';
import { Witnesses } from './witnesses.ts';

/** Differences of the keywords of a pair, without those of their alternatives. */
interface Compared {
  differences: readonly Difference[];
  below: readonly Below[];
}

/** What is asked of a pair: whether what is not decided counts as so, and whether nothing new may be told. */
interface Claim {
  relation: Relation;
  isSure: boolean;
  isStrict: boolean;
}

/** Pairs of conjunctions that are looked at. Schemas that contain themselves in turns of different lengths multiply. */
const mostCombined = 20_000;

/** Ways of keeping one schema that are held against those of another: in all, and for one pair. */
const mostSteps = 60_000;
const mostWays = 5000;

const mostPairs = 400_000;

const mostBranches = 400;

/** Values of a property that tell objects apart. */
const mostValues = 50;

/** Whether what one document allows is within what the other does, as seen through a lens; each pair is looked at once. */
export class Inclusion {
  readonly documents: Documents;
  readonly witnesses: Witnesses;
  readonly #lens: Lens;
  readonly #relation: Relation;
  readonly #comparing: Comparing;
  readonly #pairs = new Map<string, Pair>();
  readonly #compared = new Map<string, Compared>();
  readonly #keywords = new Map<string, readonly (Difference | Below)[]>();
  readonly #branches = new Map<ResolvedSchema, Branch[] | undefined>();
  readonly #assumptions = new Assumptions();
  #combined = 0;
  #steps = 0;

  constructor(documents: Documents, lens: Lens) {
    this.documents = documents;
    this.witnesses = new Witnesses(documents, lens);
    this.#lens = lens;
    this.#relation = lens.direction === 'request' ? 'kept' : 'known';
    this.#comparing = { lens, isSameText: (before, after) => documents.unchanged.isSame(before, after) };
  }

  /** Whether so much was looked at that the rest is left undecided. */
  get isSpent(): boolean {
    return this.#steps > mostSteps || this.#pairs.size > mostPairs;
  }

  /** Whether all values of one side are values of the other, in the direction of the lens. */
  isWithin(before: Steps | undefined, after: Steps | undefined): Within {
    const pair = this.rootPair(before, after);
    if (this.holds(pair, 'sure')) return true;
    return this.holds(pair, 'possible') ? undefined : false;
  }

  rootPair(before: Steps | undefined, after: Steps | undefined): Pair {
    const all = (reader: SchemaReader, steps: Steps | undefined): Conjunction => (steps ? [reader.at(steps)] : []);
    return this.pair(all(this.documents.before, before), all(this.documents.after, after));
  }

  pair(before: Conjunction, after: Conjunction): Pair {
    const [was, is] = [this.documents.before.read(before), this.documents.after.read(after)];
    const key = `${was.key} → ${is.key}`;
    const known = this.#pairs.get(key);
    if (known) return known;
    if (was.parts.length + is.parts.length > 2) this.#combined += 1;
    const made =
      this.#combined < mostCombined && !this.isSpent
        ? { key, before: was, after: is }
        : { key, before: anything, after: anything };
    this.#pairs.set(key, made);
    if (made.before === anything) this.#compared.set(key, { differences: [tooMany], below: [] });
    return made;
  }

  differences(pair: Pair): Compared {
    const known = this.#compared.get(pair.key);
    if (known) return known;
    const found = this.#compareOwn(pair);
    this.#compared.set(pair.key, found);
    return found;
  }

  #compareOwn({ before, after }: Pair): Compared {
    const [was, is] = [this.#side('before', before), this.#side('after', after)];
    const { before: reader, after: other } = this.documents;
    // Where both have alternatives, these say which types they are for.
    const own = before.groups.length === after.groups.length && !before.never && !after.never;
    const all = before.groups.length + after.groups.length === 0;
    const [then, now] = own
      ? [
          { ...was, types: narrowedTypes(was.branch) },
          { ...is, types: narrowedTypes(is.branch) },
        ]
      : [
          { ...was, types: reader.types(before) },
          { ...is, types: other.types(after) },
        ];
    const shared = new Set([...then.types].filter((type) => now.types.has(type)));
    const isListed = (valuesOf(was.branch) ?? valuesOf(is.branch)) !== undefined;
    const lists = compareLists(was, is, (on, value) =>
      this.witnesses.isValid(on, on === 'before' ? before.steps : after.steps, value),
    );
    const types = isListed && finite(was.branch) && finite(is.branch) ? [] : compareTypes(then, now, this.#lens);
    const inside = compareKeywords(this.#comparing, then, now, shared);
    const discriminators = compareDiscriminators([reader, before], [other, after]);
    const isList = all && isListed;
    const [list] = lists;
    const differences = [...types, ...lists, ...inside, ...discriminators].filter((each) => 'rule' in each);
    // A list of values is decided by looking at each of them.
    const decided = differences.map((each) => ({
      ...each,
      kept: isList && finite(was.branch) && each.kept !== true ? (list?.kept ?? true) : each.kept,
      known: isList && finite(is.branch) && each.known !== true ? (list?.known ?? true) : each.known,
    }));
    const below = isList ? [] : [...inside, ...discriminators].filter((each) => 'before' in each);
    return { differences: decided, below: below.filter((each) => !this.#isUnchanged(each.before, each.after)) };
  }

  #side(on: 'before' | 'after', branch: Branch): Side {
    const reader = this.documents[on];
    const parts = this.#lens.as === 'bytes' ? branch.parts.map(withoutBytes) : branch.parts;
    const side = { reader, branch: { parts } };
    return { ...side, types: narrowedTypes(side.branch) };
  }

  isSame(pair: Pair): boolean {
    return (['kept', 'known'] as const).every((relation) =>
      this.#assumptions.holds(this.#claim({ relation, isSure: true, isStrict: true }, pair)),
    );
  }

  holds(pair: Pair, how: 'sure' | 'possible', relation: Relation = this.#relation): boolean {
    return this.#assumptions.holds(this.#claim({ relation, isSure: how === 'sure', isStrict: false }, pair));
  }

  #isUnchanged(before: Conjunction, after: Conjunction): boolean {
    const [one, more] = before;
    const [other, others] = after;
    return one !== undefined && other !== undefined && !more && !others && this.documents.unchanged.at(one, other);
  }

  #claim(claim: Claim, pair: Pair): Assumption {
    return { key: `${keyOf(claim)} ${pair.key}`, premises: () => this.#premises(claim, pair) };
  }

  #premises(claim: Claim, pair: Pair): Options[] | undefined {
    if (this.#isUnchanged(pair.before.steps, pair.after.steps)) return [];
    const { before, after } = pair;
    if ((claim.relation === 'kept' ? before : after).never) return [];
    if (before.groups.length + after.groups.length === 0) return this.#needs(claim, this.differences(pair));
    const discriminators = compareDiscriminators([this.documents.before, before], [this.documents.after, after]);
    const own = this.#needs(claim, {
      differences: discriminators.filter((each) => 'rule' in each),
      below: discriminators.filter((each) => 'before' in each),
    });
    const ways = own && this.#branchesAre(claim, pair);
    return own && ways && [...own, ...ways];
  }

  /** What must hold for a claim, by the differences of keywords; undefined where one refutes it. */
  #needs(claim: Claim, { differences, below }: Compared): Options[] | undefined {
    const needs: Options[] = below.map((each) => [() => this.#claim(claim, this.pair(each.before, each.after))]);
    for (const each of differences) {
      const { [claim.relation]: within, isNews } = each;
      if (claim.isStrict && isNews) return undefined;
      if (within === false || (within === undefined && claim.isSure)) return undefined;
      if (typeof within === 'object')
        needs.push(within.map((way) => () => this.#claim(claim, this.pair(way.before, way.after))));
    }
    return needs;
  }

  /** Each way of keeping the smaller schema keeps the larger one too, type by type. */
  #branchesAre(claim: Claim, { before, after }: Pair): Options[] | undefined {
    const isKept = claim.relation === 'kept';
    const [all, others] = isKept ? [before, after] : [after, before];
    const on = isKept ? 'after' : 'before';
    const [ways, into] = [this.#waysOf(isKept ? 'before' : 'after', all), this.#waysOf(on, others)];
    if (!ways || !into || ways.length * into.length > mostWays || this.isSpent) return claim.isSure ? undefined : [];
    const needs = claim.isSure ? this.#oneAlone(claim, all, others) : [];
    if (!needs) return undefined;
    for (const [index, branch] of ways.entries()) {
      const side = this.#side(isKept ? 'before' : 'after', branch);
      const values = finite(side.branch, 'ranges');
      if (values) {
        const verdict = every(values.map((value) => this.witnesses.isValid(on, others.steps, value)));
        if (verdict === false || (claim.isSure && verdict === undefined)) return undefined;
        continue;
      }
      const targets = into.map((each) => this.#side(on, each));
      for (const type of side.types) {
        // Usually it has the same index.
        const fitting = [...targets.slice(index), ...targets.slice(0, index)].filter(({ types }) => types.has(type));
        const texts = this.#lens.as === 'texts' ? targets.map((each) => isTextOf(type, side, each)) : [];
        if (texts.includes(true) || (texts.includes(undefined) && !claim.isSure)) continue;
        if (fitting.length === 0) return undefined;
        const options = fitting.map(
          (target) => () => this.#branchClaim(claim, type, isKept ? [side, target] : [target, side]),
        );
        if (type === 'object' && fitting.length > 1) options.push(...this.#splits(claim, side, fitting));
        needs.push(options);
      }
    }
    return needs;
  }

  /**
   * Of a `oneOf`, a value must not keep two alternatives. It does not where these have no value in common, or where each is
   * within another one of the smaller schema's own `oneOf`.
   */
  #oneAlone(claim: Claim, smaller: ResolvedSchema, larger: ResolvedSchema): Options[] | undefined {
    const isKept = claim.relation === 'kept';
    const [reader, other] = isKept
      ? [this.documents.after, this.documents.before]
      : [this.documents.before, this.documents.after];
    const own = exclusiveGroups(smaller);
    const needs: Options[] = [];
    for (const [index, group] of exclusiveGroups(larger).entries()) {
      const overlaps = this.witnesses.overlapsOf(isKept ? 'after' : 'before', group);
      if (overlaps.length === 0) continue;
      const within = counterparts(group.schemas, own[index]?.schemas ?? [], {
        own: (steps) => referredFrom(reader, steps).join('\0'),
        other: (steps) => referredFrom(other, steps).join('\0'),
      });
      for (const at of new Set(overlaps.flat())) {
        const [schema, around] = [group.schemas[at], within[at]];
        if (!schema || !around) return undefined;
        const pair = isKept ? this.pair([around], [schema]) : this.pair([schema], [around]);
        needs.push([() => this.#claim({ relation: isKept ? 'known' : 'kept', isSure: true, isStrict: false }, pair)]);
      }
    }
    return needs;
  }

  #waysOf(on: 'before' | 'after', schema: ResolvedSchema): Branch[] | undefined {
    if (this.#branches.has(schema)) return this.#branches.get(schema);
    let found: Branch[] | undefined;
    try {
      found = this.documents[on].expand(schema.steps, 'throw', mostBranches);
    } catch (error) {
      if (!(error instanceof TooManyBranches)) throw error;
    }
    this.#branches.set(schema, found);
    return found;
  }

  /** Objects of one branch may be within several others, by the values of a property that tells these apart. */
  #splits(claim: Claim, side: Side, into: readonly Side[]): Options {
    const isKept = claim.relation === 'kept';
    return [...requiredOf(side.branch)].flatMap((name): Options => {
      const below = side.reader.property(side.branch, name);
      const schema = below === 'nothing' || below.length === 0 ? undefined : side.reader.read(below);
      const values = schema && schema.groups.length === 0 ? finite(schema) : undefined;
      if (!values || values.length < 2 || values.length > mostValues) return [];
      const premises = values.map((value) =>
        into.map(
          (other) => () => this.#branchClaim(claim, 'object', isKept ? [side, other] : [other, side], { name, value }),
        ),
      );
      return [
        () => ({
          key: `${keyOf(claim)} ${name} of ${nameOf(side)} → ${into.map(nameOf).join(' | ')}`,
          premises: () => premises,
        }),
      ];
    });
  }

  /** @param given the value of a property, which is looked at in place of its schema. */
  #branchClaim(
    claim: Claim,
    type: JsonType,
    [was, is]: readonly [Side, Side],
    given?: { name: string; value: unknown },
  ): Assumption {
    const on = claim.relation === 'kept' ? 'after' : 'before';
    const fits = (each: Difference | Below): boolean | undefined =>
      given && 'before' in each && each.step === `.${given.name}`
        ? this.witnesses.isValid(on, each[on], given.value) === true
        : undefined;
    return {
      key: `${keyOf(claim)} ${type} ${nameOf(was)} → ${nameOf(is)}${given ? ` ${given.name} ${JSON.stringify(given.value)}` : ''}`,
      premises: () => {
        this.#steps += 1;
        if (this.isSpent) return claim.isSure ? undefined : [];
        const all = this.#compareKeywords(type, was, is);
        if (all.some((each) => fits(each) === false)) return undefined;
        const differences = all.filter((each) => fits(each) === undefined);
        const lists = valuesOf((claim.relation === 'kept' ? is : was).branch) ? [undefinedList] : [];
        return this.#needs(claim, {
          differences: [...lists, ...differences.filter((each) => 'rule' in each)],
          below: differences.filter((each) => 'before' in each),
        });
      },
    };
  }

  /** The same for each claim about two branches. */
  #compareKeywords(type: JsonType, was: Side, is: Side): readonly (Difference | Below)[] {
    const key = `${type} ${nameOf(was)} → ${nameOf(is)}`;
    const known = this.#keywords.get(key);
    if (known) return known;
    const found = compareKeywords(this.#comparing, was, is, new Set([type])).filter(
      (each) => !('before' in each && this.#isUnchanged(each.before, each.after)),
    );
    this.#keywords.set(key, found);
    return found;
  }

  isNothing({ kept, known, isNews }: Difference): boolean {
    const isTrue = (within: Difference['kept'], relation: Relation): boolean =>
      within === true ||
      (typeof within === 'object' &&
        within.some((way) => this.holds(this.pair(way.before, way.after), 'sure', relation)));
    return isNews !== true && isTrue(kept, 'kept') && isTrue(known, 'known');
  }

  severityOf(pair: Pair, each: Difference): FoundChange['severity'] {
    const { [this.#relation]: within } = each;
    const pairs = typeof within === 'object' ? within.map((way) => this.pair(way.before, way.after)) : [];
    if (within === true || pairs.some((way) => this.holds(way, 'sure'))) return 'non-breaking';
    const isOpen = within === undefined || pairs.some((way) => this.holds(way, 'possible'));
    return !isOpen || this.witnesses.isRefuted(pair) ? 'breaking' : 'undecided';
  }
}

function keyOf({ relation, isSure, isStrict }: Claim): string {
  return `${relation}${isSure ? '' : '?'}${isStrict ? '!' : ''}`;
}

function nameOf({ branch }: Side): string {
  return branch.parts.map(({ steps }) => steps.join('\0')).join(' ');
}

/** A branch with a list of values, where the other side has none. */
const undefinedList: Difference = { rule: 'enum', step: '', kept: false, known: false, sentence: '' };
