import type { Conjunction, ResolvedSchema, Steps } from '../../openapi/schema.ts';
import { valueAt } from '../../util/json.ts';
import type { FoundChange } from '../change.ts';
import { tooMany, type Difference, type Lens, type Pair, type Relation, type Within } from './difference.ts';
import { referredFrom } from './discriminators.ts';
import { Inclusion } from './inclusion.ts';
import { meetAgain, tell, type Visit } from './telling.ts';
import type { Documents } from './unchanged.ts';

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

/** The toolkit reads no deeper JSON. */
const deepest = 200;

/** Compares schemas of two documents as they are seen through a lens, each pair once. */
export class SchemaComparison {
  readonly #inclusion: Inclusion;
  readonly #views = new Map<Pair, View | undefined>();
  readonly #told = new Map<string, readonly FoundChange[]>();

  constructor(documents: Documents, lens: Lens) {
    this.#inclusion = new Inclusion(documents, lens);
  }

  /**
   * What has changed between the schemas of a body, a parameter or a header, from the outside in. A change of a schema
   * that stands at several places is told once, at the first of them.
   * @param before where the schema stands; undefined where there is none.
   */
  compare(before: Steps | undefined, after: Steps | undefined, place = '$'): readonly FoundChange[] {
    const pair = this.#inclusion.rootPair(before, after);
    // Operations often share a body, such as that of an error.
    const key = `${place} ${pair.key}`;
    const told = this.#told.get(key) ?? this.#compare(pair, place);
    this.#told.set(key, told);
    return told;
  }

  #compare(rootPair: Pair, place: string): FoundChange[] {
    const seen = new Map<Pair, Visit>();
    const root = { pair: rootPair, steps: [], above: undefined, common: Infinity, isHarmless: false };
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

  isWithin(before: Steps | undefined, after: Steps | undefined): Within {
    return this.#inclusion.isWithin(before, after);
  }

  /** What is told of a pair by itself, and the pairs below it that differ; undefined where nothing does. */
  #viewOf(pair: Pair): View | undefined {
    if (!this.#views.has(pair)) this.#views.set(pair, this.#inclusion.isSame(pair) ? undefined : this.#look(pair));
    return this.#views.get(pair);
  }

  #look(pair: Pair): View {
    const isHarmless = this.#inclusion.holds(pair, 'sure');
    const { differences, changed } = this.#compareGroups(pair);
    const { differences: own, below } = this.#inclusion.differences(pair);
    const findings = [...own, ...differences].map((difference): Finding => ({
      difference,
      severity: isHarmless ? 'non-breaking' : this.#inclusion.severityOf(pair, difference),
    }));
    const inner = [
      ...below.map(({ step, before, after }) => ({ step, pair: this.#inclusion.pair(before, after) })),
      ...changed.map((each) => ({ step: '', pair: each })),
    ];
    const isTold =
      isHarmless ||
      findings.some(({ severity }) => severity !== 'non-breaking') ||
      inner.some((each) => !this.#inclusion.holds(each.pair, 'sure'));
    const telling = findings.filter(({ difference }) => !this.#inclusion.isNothing(difference));
    return {
      isHarmless,
      findings: isTold ? telling : [...telling, this.#together(pair)],
      below: inner.filter((each) => !this.#inclusion.isSame(each.pair)),
    };
  }

  /** What is told where no keyword alone breaks anything, but all of them together do, or may. */
  #together(pair: Pair): Finding {
    const isOpen = this.#inclusion.holds(pair, 'possible') && !this.#inclusion.witnesses.isRefuted(pair);
    const sentence = 'the alternatives are others, and not all values are allowed by both.';
    return {
      difference: this.#inclusion.isSpent
        ? tooMany
        : { rule: 'alternatives', step: '', kept: undefined, known: undefined, sentence },
      severity: isOpen ? 'undecided' : 'breaking',
    };
  }

  /** The differences between the alternatives of a pair, and the alternatives that changed into others. */
  #compareGroups({ before, after }: Pair): { differences: Difference[]; changed: Pair[] } {
    const differences: Difference[] = [];
    const changed: Pair[] = [];
    const isSame = (one: Steps, other: Steps): boolean => this.#inclusion.isSame(this.#inclusion.pair([one], [other]));
    const areSame = (was: Group, is: Group): boolean =>
      was.schemas.every((one) => is.schemas.some((other) => isSame(one, other))) &&
      is.schemas.every((other) => was.schemas.some((one) => isSame(one, other)));
    const left = before.groups.filter((was) => !after.groups.some((is) => areSame(was, is)));
    const right = after.groups.filter((is) => !before.groups.some((was) => areSame(was, is)));
    const holds = (relation: Relation, was: Conjunction, is: Conjunction): boolean =>
      this.#inclusion.holds(this.#inclusion.pair(was, is), 'sure', relation);
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
    const same = (a: Steps, b: Steps): boolean => this.#inclusion.isSame(this.#inclusion.pair([a], [b]));
    const gone = was.schemas.filter((each) => !is.schemas.some((other) => same(each, other)));
    const come = new Set(is.schemas.filter((each) => !was.schemas.some((other) => same(other, each))));
    const changed: Pair[] = [];
    const differences: Difference[] = [];
    const only = gone.length === 1 && come.size === 1;
    for (const each of gone) {
      const other =
        [...come].find((candidate) => this.#haveOneName(each, candidate)) ??
        [...come].find((candidate) => only || this.#areKin(this.#inclusion.pair([each], [candidate])));
      if (other) {
        come.delete(other);
        changed.push(this.#inclusion.pair([each], [other]));
      } else {
        const kept = this.#inclusion.holds(this.#inclusion.pair([each], after.steps), 'sure', 'kept');
        const sentence = 'an alternative was there, is not any more.';
        differences.push(alternatives('alternative-removed', kept, true, sentence));
      }
    }
    for (const each of come) {
      const known = this.#inclusion.holds(this.#inclusion.pair(before.steps, [each]), 'sure', 'known');
      differences.push(alternatives('alternative-added', true, known, 'an alternative is new.'));
    }
    return { differences, changed };
  }

  #haveOneName(before: Steps, after: Steps): boolean {
    const { before: reader, after: other } = this.#inclusion.documents;
    if (!valueAt(reader.document, [...before, '$ref'])) return false;
    return referredFrom(reader, before).join('\0') === referredFrom(other, after).join('\0');
  }

  /** Whether one alternative can have become the other: neither they nor a property of theirs have nothing in common. */
  #areKin(pair: Pair): boolean {
    const pairs = [
      pair,
      ...this.#inclusion.differences(pair).below.map((each) => this.#inclusion.pair(each.before, each.after)),
    ];
    return pairs.every((each) =>
      this.#inclusion
        .differences(each)
        .differences.every(
          ({ rule, kept, known }) => kept !== false || known !== false || (rule !== 'type' && rule !== 'enum'),
        ),
    );
  }
}

function alternatives(rule: string, kept: boolean, known: boolean, sentence: string): Difference {
  // It is told even where other alternatives have the same values.
  return { rule, kept, known, sentence, step: '', isNews: true };
}
