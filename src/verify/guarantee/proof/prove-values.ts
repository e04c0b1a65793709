import { wordOf, wordsOf, type JsonType } from '../../../contract/guarantee/schema/json-type.ts';
import { acceptedTypes } from '../../../contract/guarantee/proof/accepted-types.ts';
import { coverType, typesIn } from './cover.ts';
import type { Finding } from './finding.ts';
import { ofRuledExample, ofValues, type Gap } from '../../../contract/guarantee/proof/prove-scalar.ts';
import type { Proof } from './prove.ts';

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
