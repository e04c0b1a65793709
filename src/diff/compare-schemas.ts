import type { OpenApiDocument } from '../openapi/document.ts';
import { SchemaChecker } from '../openapi/schema-checker.ts';
import {
  SchemaReader,
  TooManyBranches,
  valuesOf,
  type Branch,
  type Conjunction,
  type ResolvedSchema,
  type Steps,
} from '../openapi/schema.ts';
import { Values } from '../openapi/values/values.ts';
import { valueAt, type JsonType } from '../util/json.ts';
import { seededRandom } from '../util/random.ts';
import { Assumptions, type Assumption, type Options } from './assumptions.ts';
import type { FoundChange } from './change.ts';
import { compareLists, isTextOf, typesIn } from './compare-scalars.ts';
import {
  anything,
  type Below,
  type Comparing,
  type Difference,
  type Lens,
  type Side,
  type Within,
} from './difference.ts';
import { compareDiscriminators, targetOf } from './discriminators.ts';
import { compareKeywords, compareTypes } from './schema-differences.ts';
import { tell, meetAgain, tooMany, type Visit } from './telling.ts';
import type { Unchanged } from './unchanged.ts';

/** A schema of the old document and the one in its place in the new. */
export interface Pair {
  key: string;
  before: ResolvedSchema;
  after: ResolvedSchema;
}

/** Differences of the keywords of a pair, without those of their alternatives. */
interface Compared {
  differences: readonly Difference[];
  below: readonly Below[];
}

/** `kept`: what was allowed still is. `known`: what is allowed was before. */
type Relation = 'kept' | 'known';

/** What is asked of a pair: whether what is not decided counts as so, and whether nothing new may be told. */
interface Claim {
  relation: Relation;
  isSure: boolean;
  isStrict: boolean;
}

interface Finding {
  difference: Difference;
  severity: FoundChange['severity'];
}

/** What there is to tell of a pair, whatever leads to it. */
interface View {
  isHarmless: boolean;
  findings: readonly Finding[];
  below: readonly { step: string; pair: Pair }[];
}

type Group = ResolvedSchema['groups'][number];

/** Pairs of conjunctions that are looked at. Schemas that contain themselves in turns of different lengths multiply. */
const mostCombined = 20_000;

const mostBranches = 400;

/** The toolkit reads no deeper JSON. */
const deepest = 200;

/** What both documents say of schemas, read once for all ways of comparing them. */
export interface Documents {
  before: SchemaReader;
  after: SchemaReader;
  unchanged: Unchanged;
  checkers: Readonly<Record<'before' | 'after', SchemaChecker>>;
}

export function documentsOf(before: OpenApiDocument, after: OpenApiDocument, unchanged: Unchanged): Documents {
  const checkers = { before: new SchemaChecker(before), after: new SchemaChecker(after) };
  return { before: new SchemaReader(before), after: new SchemaReader(after), unchanged, checkers };
}

/** Compares schemas of two documents as they are seen through a lens, each pair once. */
export class SchemaComparison {
  readonly #documents: Documents;
  readonly #lens: Lens;
  readonly #relation: Relation;
  readonly #comparing: Comparing;
  readonly #pairs = new Map<string, Pair>();
  readonly #views = new Map<Pair, View | undefined>();
  readonly #compared = new Map<string, Compared>();
  readonly #branches = new Map<ResolvedSchema, Branch[] | undefined>();
  readonly #assumptions = new Assumptions();
  #combined = 0;

  constructor(documents: Documents, lens: Lens) {
    this.#documents = documents;
    this.#lens = lens;
    this.#relation = lens.direction === 'request' ? 'kept' : 'known';
    this.#comparing = { lens, isSameText: (before, after) => documents.unchanged.isSame(before, after) };
  }

  /**
   * What has changed between the schemas of a body, a parameter or a header, from the outside in. A change of a schema
   * that stands at several places is told once, at the first of them.
   * @param before where the schema stands; undefined where there is none.
   */
  compare(before: Steps | undefined, after: Steps | undefined, place = '$'): FoundChange[] {
    const seen = new Map<Pair, Visit>();
    const root = {
      pair: this.#rootPair(before, after),
      steps: [],
      above: undefined,
      common: Infinity,
      isHarmless: false,
    };
    const ahead: Visit[] = [root];
    const told: FoundChange[] = [];
    const found: { visit: Visit; finding: Finding }[] = [];
    seen.set(root.pair, root);
    for (const visit of ahead) {
      const { pair, steps } = visit;
      const view = this.#viewOf(pair);
      if (!view) continue;
      if (steps.length > deepest) {
        told.push(tell(tooMany, 'undecided', { ...visit, steps: [] }, place));
        break;
      }
      const isHarmless = visit.isHarmless || view.isHarmless;
      for (const finding of view.findings)
        found.push({ visit, finding: isHarmless ? { ...finding, severity: 'non-breaking' } : finding });
      for (const each of view.below) {
        const first = seen.get(each.pair);
        if (first?.common === 0) continue;
        const way = each.step === '' ? steps : [...steps, each.step];
        if (first) meetAgain(first, way);
        else {
          const next = { pair: each.pair, steps: way, above: visit, common: Infinity, isHarmless };
          seen.set(each.pair, next);
          ahead.push(next);
        }
      }
    }
    return [...found.map(({ visit, finding }) => tell(finding.difference, finding.severity, visit, place)), ...told];
  }

  /** What is told of a pair by itself, and the pairs below it that differ; undefined where nothing does. */
  #viewOf(pair: Pair): View | undefined {
    if (!this.#views.has(pair)) this.#views.set(pair, this.#isSame(pair) ? undefined : this.#look(pair));
    return this.#views.get(pair);
  }

  #look(pair: Pair): View {
    const isHarmless = this.#holds(pair, 'sure');
    const { differences, changed } = this.#compareGroups(pair);
    const { differences: own, below } = this.#differences(pair);
    const findings = [...own, ...differences].map((difference): Finding => ({
      difference,
      severity: isHarmless ? 'non-breaking' : this.#severityOf(pair, difference),
    }));
    const inner = [
      ...below.map(({ step, before, after }) => ({ step, pair: this.#pair(before, after) })),
      ...changed.map((each) => ({ step: '', pair: each })),
    ];
    const isTold =
      isHarmless ||
      findings.some(({ severity }) => severity !== 'non-breaking') ||
      inner.some((each) => !this.#holds(each.pair, 'sure'));
    const telling = findings.filter(({ difference }) => !this.#isNothing(difference));
    return {
      isHarmless,
      findings: isTold ? telling : [...telling, this.#together(pair)],
      below: inner.filter((each) => !this.#isSame(each.pair)),
    };
  }

  /** Whether all values of one side are values of the other, in the direction of the lens. */
  isWithin(before: Steps | undefined, after: Steps | undefined): Within {
    const pair = this.#rootPair(before, after);
    if (this.#holds(pair, 'sure')) return true;
    return this.#holds(pair, 'possible') ? undefined : false;
  }

  #rootPair(before: Steps | undefined, after: Steps | undefined): Pair {
    const all = (reader: SchemaReader, steps: Steps | undefined): Conjunction => (steps ? [reader.at(steps)] : []);
    return this.#pair(all(this.#documents.before, before), all(this.#documents.after, after));
  }

  #pair(before: Conjunction, after: Conjunction): Pair {
    const [was, is] = [this.#documents.before.read(before), this.#documents.after.read(after)];
    const key = `${was.key} → ${is.key}`;
    const known = this.#pairs.get(key);
    if (known) return known;
    if (was.parts.length + is.parts.length > 2) this.#combined += 1;
    const made =
      this.#combined < mostCombined ? { key, before: was, after: is } : { key, before: anything, after: anything };
    this.#pairs.set(key, made);
    if (this.#combined >= mostCombined) this.#compared.set(key, { differences: [tooMany], below: [] });
    return made;
  }

  #differences(pair: Pair): Compared {
    const known = this.#compared.get(pair.key);
    if (known) return known;
    const found = this.#compareOwn(pair);
    this.#compared.set(pair.key, found);
    return found;
  }

  #compareOwn({ before, after }: Pair): Compared {
    const [was, is] = [this.#side('before', before), this.#side('after', after)];
    const { before: reader, after: other } = this.#documents;
    // Where both have alternatives, these say which types they are for.
    const own = before.groups.length === after.groups.length && !before.never && !after.never;
    const all = before.groups.length + after.groups.length === 0;
    const [then, now] = own
      ? [
          { ...was, types: typesIn(was.branch) },
          { ...is, types: typesIn(is.branch) },
        ]
      : [
          { ...was, types: reader.types(before) },
          { ...is, types: other.types(after) },
        ];
    const shared = new Set([...then.types].filter((type) => now.types.has(type)));
    const lists = compareLists(was, is, (on, value) =>
      this.#isValid(on, on === 'before' ? before.steps : after.steps, value),
    );
    const types = valuesOf(was.branch) && valuesOf(is.branch) ? [] : compareTypes(then, now, this.#lens);
    const inside = compareKeywords(this.#comparing, then, now, shared);
    const discriminators = compareDiscriminators([reader, before], [other, after]);
    const isList = all && (valuesOf(was.branch) ?? valuesOf(is.branch)) !== undefined;
    const [list] = lists;
    const differences = [...types, ...lists, ...inside, ...discriminators].filter((each) => 'rule' in each);
    // A list of values is decided by looking at each of them.
    const decided = differences.map((each) => ({
      ...each,
      kept: isList && valuesOf(was.branch) && each.kept !== true ? (list?.kept ?? true) : each.kept,
      known: isList && valuesOf(is.branch) && each.known !== true ? (list?.known ?? true) : each.known,
    }));
    const below = isList ? [] : [...inside, ...discriminators].filter((each) => 'before' in each);
    return { differences: decided, below: below.filter((each) => !this.#isUnchanged(each.before, each.after)) };
  }

  #side(on: 'before' | 'after', branch: Branch): Side {
    const reader = this.#documents[on];
    const parts = this.#lens.as === 'bytes' ? branch.parts.map(withoutBytes) : branch.parts;
    const side = { reader, branch: { parts } };
    return { ...side, types: typesIn(side.branch) };
  }

  #isValid(on: 'before' | 'after', schemas: Conjunction, value: unknown): Within {
    try {
      const { [on]: reader } = this.#documents;
      const checker = this.#documents.checkers[on];
      const asTexts = this.#lens.as === 'texts' && typeof value !== 'object';
      return schemas.every((steps) => {
        const at = reader.at(steps);
        if (checker.check(at, value).length === 0) return true;
        return asTexts && checker.checkRequest(at, String(value), true).length === 0;
      });
    } catch {
      return undefined;
    }
  }

  #isSame(pair: Pair): boolean {
    return (['kept', 'known'] as const).every((relation) =>
      this.#assumptions.holds(this.#claim({ relation, isSure: true, isStrict: true }, pair)),
    );
  }

  #holds(pair: Pair, how: 'sure' | 'possible', relation: Relation = this.#relation): boolean {
    return this.#assumptions.holds(this.#claim({ relation, isSure: how === 'sure', isStrict: false }, pair));
  }

  #isUnchanged(before: Conjunction, after: Conjunction): boolean {
    const [one, more] = before;
    const [other, others] = after;
    return one !== undefined && other !== undefined && !more && !others && this.#documents.unchanged.at(one, other);
  }

  #claim(claim: Claim, pair: Pair): Assumption {
    return { key: `${keyOf(claim)} ${pair.key}`, premises: () => this.#premises(claim, pair) };
  }

  #premises(claim: Claim, pair: Pair): Options[] | undefined {
    if (this.#isUnchanged(pair.before.steps, pair.after.steps)) return [];
    const { before, after } = pair;
    if ((claim.relation === 'kept' ? before : after).never) return [];
    if (before.groups.length + after.groups.length === 0) return this.#needs(claim, this.#differences(pair));
    const discriminators = compareDiscriminators([this.#documents.before, before], [this.#documents.after, after]);
    const own = this.#needs(claim, {
      differences: discriminators.filter((each) => 'rule' in each),
      below: discriminators.filter((each) => 'before' in each),
    });
    const ways = own && this.#branchesAre(claim, pair);
    return own && ways && [...own, ...ways];
  }

  /** What must hold for a claim, by the differences of keywords; undefined where one refutes it. */
  #needs(claim: Claim, { differences, below }: Compared): Options[] | undefined {
    const needs: Options[] = below.map((each) => [() => this.#claim(claim, this.#pair(each.before, each.after))]);
    for (const each of differences) {
      const { [claim.relation]: within, isNews } = each;
      if (claim.isStrict && isNews) return undefined;
      if (within === false || (within === undefined && claim.isSure)) return undefined;
      if (typeof within === 'object')
        needs.push(within.map((way) => () => this.#claim(claim, this.#pair(way.before, way.after))));
    }
    return needs;
  }

  /** Each way of keeping the smaller schema keeps the larger one too, type by type. */
  #branchesAre(claim: Claim, { before, after }: Pair): Options[] | undefined {
    const isKept = claim.relation === 'kept';
    const [all, others] = isKept ? [before, after] : [after, before];
    const on = isKept ? 'after' : 'before';
    const [ways, into] = [this.#waysOf(isKept ? 'before' : 'after', all), this.#waysOf(on, others)];
    if (!ways || !into) return claim.isSure ? undefined : [];
    const needs: Options[] = [];
    for (const [index, branch] of ways.entries()) {
      const side = this.#side(isKept ? 'before' : 'after', branch);
      const values = valuesOf(side.branch);
      if (values) {
        const verdicts = values.map((value) => this.#isValid(on, others.steps, value));
        if (verdicts.includes(false) || (claim.isSure && verdicts.includes(undefined))) return undefined;
        continue;
      }
      for (const type of side.types) {
        const options: Options = [];
        let isText: Within = false;
        // Usually it has the same index.
        for (const other of [...into.slice(index), ...into.slice(0, index)]) {
          const target = this.#side(on, other);
          if (target.types.has(type))
            options.push(() => this.#branchClaim(claim, type, isKept ? [side, target] : [target, side]));
          else if (this.#lens.as === 'texts' && isText !== true) isText = isTextOf(type, side, target) || isText;
        }
        if (isText === true || (isText === undefined && !claim.isSure)) continue;
        if (options.length === 0) return undefined;
        needs.push(options);
      }
    }
    return needs;
  }

  #waysOf(on: 'before' | 'after', schema: ResolvedSchema): Branch[] | undefined {
    if (this.#branches.has(schema)) return this.#branches.get(schema);
    let found: Branch[] | undefined;
    try {
      found = this.#documents[on].expand(schema.steps, 'throw', mostBranches);
    } catch (error) {
      if (!(error instanceof TooManyBranches)) throw error;
    }
    this.#branches.set(schema, found);
    return found;
  }

  #branchClaim(claim: Claim, type: JsonType, [was, is]: readonly [Side, Side]): Assumption {
    const nameOf = ({ branch }: Side): string => branch.parts.map(({ steps }) => steps.join('\0')).join(' ');
    return {
      key: `${keyOf(claim)} ${type} ${nameOf(was)} → ${nameOf(is)}`,
      premises: () => {
        const differences = compareKeywords(this.#comparing, was, is, new Set([type]));
        const lists = valuesOf((claim.relation === 'kept' ? is : was).branch) ? [undefinedList] : [];
        return this.#needs(claim, {
          differences: [...lists, ...differences.filter((each) => 'rule' in each)],
          below: differences.filter((each) => 'before' in each),
        });
      },
    };
  }

  #isNothing({ kept, known, isNews }: Difference): boolean {
    const isTrue = (within: Difference['kept'], relation: Relation): boolean =>
      within === true ||
      (typeof within === 'object' &&
        within.some((way) => this.#holds(this.#pair(way.before, way.after), 'sure', relation)));
    return isNews !== true && isTrue(kept, 'kept') && isTrue(known, 'known');
  }

  #severityOf(pair: Pair, each: Difference): FoundChange['severity'] {
    const { [this.#relation]: within } = each;
    const pairs = typeof within === 'object' ? within.map((way) => this.#pair(way.before, way.after)) : [];
    if (within === true || pairs.some((way) => this.#holds(way, 'sure'))) return 'non-breaking';
    const isOpen = within === undefined || pairs.some((way) => this.#holds(way, 'possible'));
    return !isOpen || this.#isRefuted(pair) ? 'breaking' : 'undecided';
  }

  /** Whether there is a value that one side allows and the other does not, where the keywords alone do not decide it. */
  #isRefuted({ before, after }: Pair): boolean {
    const isKept = this.#relation === 'kept';
    const [on, own, others] = isKept ? (['before', before, after] as const) : (['after', after, before] as const);
    try {
      const values = new Values(this.#documents[on].document, this.#documents.checkers[on]);
      const message = isKept ? 'request' : 'answer';
      return values
        .validByAll(
          own.steps.map((steps) => this.#documents[on].at(steps)),
          message,
          12,
          seededRandom(1),
        )
        .some((value) => this.#isValid(isKept ? 'after' : 'before', others.steps, value) === false);
    } catch {
      return false;
    }
  }

  /** What is told where no keyword alone breaks anything, but all of them together do, or may. */
  #together(pair: Pair): Finding {
    const isOpen = this.#holds(pair, 'possible') && !this.#isRefuted(pair);
    const sentence = 'the alternatives are others, and not all values are allowed by both.';
    return {
      difference: { rule: 'alternatives', step: '', kept: undefined, known: undefined, sentence },
      severity: isOpen ? 'undecided' : 'breaking',
    };
  }

  /** The differences between the alternatives of a pair, and the alternatives that changed into others. */
  #compareGroups({ before, after }: Pair): { differences: Difference[]; changed: Pair[] } {
    const differences: Difference[] = [];
    const changed: Pair[] = [];
    const isSame = (one: Steps, other: Steps): boolean => this.#isSame(this.#pair([one], [other]));
    const areSame = (was: Group, is: Group): boolean =>
      was.schemas.every((one) => is.schemas.some((other) => isSame(one, other))) &&
      is.schemas.every((other) => was.schemas.some((one) => isSame(one, other)));
    const left = before.groups.filter((was) => !after.groups.some((is) => areSame(was, is)));
    const right = after.groups.filter((is) => !before.groups.some((was) => areSame(was, is)));
    const holds = (relation: Relation, was: Conjunction, is: Conjunction): boolean =>
      this.#holds(this.#pair(was, is), 'sure', relation);
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      const [was, is] = [left[index], right[index]];
      if (was && is) {
        const found = this.#compareGroup(was, is, [before, after]);
        differences.push(...found.differences);
        changed.push(...found.changed);
      } else if (was) {
        const known = was.schemas.some((each) => holds('known', [each], after.steps));
        differences.push(alternatives('alternatives', true, known, 'had alternatives, has none.'));
      } else if (is) {
        const kept = is.schemas.some((each) => holds('kept', before.steps, [each]));
        differences.push(alternatives('alternatives', kept, true, 'had no alternatives, has some.'));
      }
    }
    return { differences, changed };
  }

  #compareGroup(
    was: Group,
    is: Group,
    [before, after]: readonly [ResolvedSchema, ResolvedSchema],
  ): { differences: Difference[]; changed: Pair[] } {
    const same = (a: Steps, b: Steps): boolean => this.#isSame(this.#pair([a], [b]));
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
        const kept = this.#holds(this.#pair([each], after.steps), 'sure', 'kept');
        const sentence = 'an alternative was there, is not any more.';
        differences.push(alternatives('alternative-removed', kept, true, sentence));
      }
    }
    for (const each of come) {
      const known = this.#holds(this.#pair(before.steps, [each]), 'sure', 'known');
      differences.push(alternatives('alternative-added', true, known, 'an alternative is new.'));
    }
    return { differences, changed };
  }

  #haveOneName(before: Steps, after: Steps): boolean {
    const { before: reader, after: other } = this.#documents;
    if (!valueAt(reader.document, [...before, '$ref'])) return false;
    return targetOf(reader, before).join('\0') === targetOf(other, after).join('\0');
  }

  /** Whether one alternative can have become the other: neither they nor a property of theirs have nothing in common. */
  #areKin(pair: Pair): boolean {
    const pairs = [pair, ...this.#differences(pair).below.map((each) => this.#pair(each.before, each.after))];
    return pairs.every((each) =>
      this.#differences(each).differences.every(
        ({ rule, kept, known }) => kept !== false || known !== false || (rule !== 'type' && rule !== 'enum'),
      ),
    );
  }
}

function keyOf({ relation, isSure, isStrict }: Claim): string {
  return `${relation}${isSure ? '' : '?'}${isStrict ? '!' : ''}`;
}

function alternatives(rule: string, kept: boolean, known: boolean, sentence: string): Difference {
  // It is told even where other alternatives have the same values.
  return { rule, kept, known, sentence, step: '', isNews: true };
}

/** A branch with a list of values, where the other side has none. */
const undefinedList: Difference = { rule: 'enum', step: '', kept: false, known: false, sentence: '' };

/** A file needs no type: OpenAPI 3.0 says string and binary, 3.1 nothing, or a media type. */
function withoutBytes(part: Branch['parts'][number]): Branch['parts'][number] {
  const { type, format, contentMediaType, ...others } = part.schema;
  const isFile = format === 'binary' || (contentMediaType !== undefined && others['contentEncoding'] === undefined);
  return isFile && (type === undefined || type === 'string') ? { ...part, schema: others } : part;
}
