import type { Demand, ScalarDemand } from '../../../matching/demand.ts';
import { matcherOf, rulesOf } from '../../../matching/matchers.ts';
import { jsonTypeOf, wordOf, wordsOf, type JsonType } from '../../../util/json.ts';
import { valuesOf } from './branches.ts';
import type { Alternative, Proof } from './claim.ts';
import { coverType, exampleOf, isExample, typesIn } from './cover.ts';
import { show, type Finding } from './finding.ts';

/** Proves of a place that no value comes there whose type, or which itself, the contract refuses. */
export function proveTypes(proof: Proof): Finding[] {
  const { demand, siblings, alternatives, pointer, claim } = proof;
  const demands = [demand, ...siblings];
  const gaps: Gap[] = [];
  for (const { spot, branch } of alternatives) {
    for (const type of typesIn(branch)) {
      const cover = coverType(branch, type, demands, claim.sampler);
      if (cover.all) continue;
      const counterexample = claim.counterexample(spot, cover.values);
      gaps.push({ type, ...(counterexample ? { counterexample } : {}), reason: cover.reason });
    }
  }
  const place = demand.place;
  const accepted = acceptedTypes(demands);
  const [strange, own] = split(gaps, ({ type }) => accepted !== undefined && !accepted.has(type));
  const findings = strange.map((gap) => ofStrangeType(gap, proof, accepted ?? new Set()));
  if (demand.kind !== 'scalar') return unique([...findings, ...typeHolds(findings, proof, accepted)]);
  const values = ofValues(own, { place, pointer }, demand, proof);
  return unique([
    ...findings,
    ...typeHolds(findings, proof, accepted),
    ...values,
    ...ofRuledExample([...findings, ...values], demand, proof),
  ]);
}

function typeHolds(
  findings: readonly Finding[],
  { demand, pointer, alternatives }: Proof,
  accepted: Set<JsonType> | undefined,
): Finding[] {
  if (findings.length > 0 || alternatives.length === 0) return [];
  const types = new Set(alternatives.flatMap(({ branch }) => typesIn(branch)));
  if (accepted === undefined) return [];
  const sentence = `The specification allows ${wordsOf(types)} here, and so does the contract.`;
  return [{ result: 'holds', place: demand.place, pointer, rule: 'type', sentence }];
}

function ofStrangeType(
  { type, counterexample, reason }: Gap,
  { demand, pointer }: Proof,
  accepted: Set<JsonType>,
): Finding {
  const rule = type === 'null' ? 'null' : 'type';
  const at = { place: demand.place, pointer, rule };
  if (counterexample === undefined) {
    const why = reason ?? 'no such value was found that the specification allows in its place';
    return {
      ...at,
      result: 'not verifiable',
      sentence: `Whether the specification allows ${wordOf(type)} here was not decided: ${why}.`,
    };
  }
  const sentence = `The specification allows ${wordOf(type)} here, the contract demands ${wordsOf(accepted)}.`;
  return { ...at, result: 'broken', sentence };
}

function split<T>(all: readonly T[], first: (each: T) => boolean): [T[], T[]] {
  return [all.filter(first), all.filter((each) => !first(each))];
}

/** The worst finding of each rule. */
function unique(findings: readonly Finding[]): Finding[] {
  const rank = { broken: 0, 'not verifiable': 1, holds: 2 };
  const found = new Map<string, Finding>();
  for (const finding of findings.toSorted((a, b) => rank[a.result] - rank[b.result]))
    if (!found.has(finding.rule)) found.set(finding.rule, finding);
  return [...found.values()];
}

/** A type of which not every value is known to be accepted. */
interface Gap {
  type: JsonType;
  counterexample?: { value: unknown };
  reason?: string | undefined;
}

/** Judges the values of the types that a contract accepts. */
function ofValues(
  gaps: readonly Gap[],
  at: { place: string; pointer: string },
  demand: ScalarDemand,
  proof: Proof,
): Finding[] {
  const rule = ruleOf(demand);
  const [worst] = gaps.toSorted(
    (a, b) => Number(b.counterexample !== undefined) - Number(a.counterexample !== undefined),
  );
  if (!worst) {
    if (rule === 'type') return [];
    const beside = proof.siblings.length > 0 ? ', if not here then in another interaction' : '';
    return [
      {
        ...at,
        rule,
        result: 'holds',
        sentence: `The contract accepts each value that the specification allows here${beside}.`,
      },
    ];
  }
  if (isExample(demand)) return [ofExample(at, exampleOf(demand.condition), proof.alternatives, proof)];
  const { counterexample, reason } = worst;
  if (counterexample === undefined) {
    const why = reason ?? 'neither a proof nor a counterexample was found';
    return [
      {
        ...at,
        rule,
        result: 'not verifiable',
        sentence: `Whether the contract accepts each value that the specification allows here was not decided: ${why}.`,
      },
    ];
  }
  return [
    {
      ...at,
      rule,
      result: 'broken',
      sentence: `The specification allows ${show(counterexample.value)} here, and the contract refuses it.`,
    },
  ];
}

/** The example is what the tests of the consumer met: where it cannot come, they show nothing. */
function ofRuledExample(
  findings: readonly Finding[],
  { place, condition }: ScalarDemand,
  { claim, alternatives, pointer }: Proof,
): Finding[] {
  const example = exampleOf(condition);
  const refused = alternatives.every(({ spot }) => claim.schemas.allows(spot.schemas, example) === false);
  // Once is enough.
  if (!refused || alternatives.length === 0 || findings.some(({ result }) => result === 'broken')) return [];
  const sentence = `The contract has ${show(example)} as its example, and the specification does not allow it here.`;
  return [{ place, pointer, rule: 'example', result: 'broken', sentence }];
}

/** The rule by which a value was refused, in the words of verdicts. */
function ruleOf(demand: ScalarDemand): string {
  if (isExample(demand)) return 'value';
  const found = new Set(rulesOf(demand.condition).map((rule) => matcherOf(rule).verdict));
  return found.has('format') ? 'format' : found.has('pattern') ? 'pattern' : 'type';
}

/** A value without a rule: which one comes, the state decides, and no specification can say. That it may come, it can. */
function ofExample(
  at: { place: string; pointer: string },
  example: unknown,
  alternatives: readonly Alternative[],
  { claim }: Proof,
): Finding {
  const allowed = alternatives.map(({ spot }) => claim.schemas.allows(spot.schemas, example));
  if (alternatives.length > 0 && allowed.every((answer) => answer === false)) {
    const sentence = `The contract demands ${show(example)}, and the specification does not allow it here.`;
    return { ...at, rule: 'value', result: 'broken', sentence };
  }
  // Of a few values that the specification names, each is one that consumers are meant to tell apart.
  const isNamed = alternatives.every(({ branch }) => valuesOf(branch) !== undefined);
  const among = isNamed ? 'the values that it names' : 'other values';
  const sentence = `The specification allows ${show(example)} among ${among}; which one comes is decided by the request and the provider state.`;
  return isNamed
    ? { ...at, rule: 'possible value', result: 'holds', sentence }
    : { ...at, rule: 'value', result: 'not verifiable', sentence };
}

/** The types that a demand accepts some value of; undefined where that is any. */
function acceptedTypes(demands: readonly Demand[]): Set<JsonType> | undefined {
  const types = new Set<JsonType>();
  for (const demand of demands) {
    if (demand.kind !== 'scalar') types.add(demand.kind);
    else for (const type of typesOfRules(demand)) types.add(type);
  }
  return types.size === 7 ? undefined : types;
}

function typesOfRules({ condition }: ScalarDemand): readonly JsonType[] {
  const own = jsonTypeOf(exampleOf(condition));
  const types = rulesOf(condition).flatMap((rule) => matcherOf(rule).types?.(own) ?? []);
  if (types.length > 0) return types;
  return own === 'integer' ? ['integer', 'number'] : [own];
}
