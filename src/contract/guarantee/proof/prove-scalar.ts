import { rulesOf } from '../demand/conditions.ts';
import type { ScalarDemand } from '../../../matching/demand.ts';
import { valuesOf } from '../../../verify/guarantee/proof/branches.ts';
import type { JsonType } from '../schema/json-type.ts';
import { exampleOf, isExample } from '../../../verify/guarantee/proof/cover.ts';
import { show, type Finding } from '../../../verify/guarantee/proof/finding.ts';
import type { Proof } from '../../../verify/guarantee/proof/prove.ts';
import type { Alternative } from '../../../verify/guarantee/proof/claim.ts';

/** A type of which not every value is known to be accepted. */
export interface Gap {
  type: JsonType;
  counterexample?: { value: unknown };
  reason?: string | undefined;
}

/** Judges the values of the types that a contract accepts. */
export function ofValues(
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
export function ofRuledExample(
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
  const matches = rulesOf(demand.condition).map(({ match }) => match);
  if (isExample(demand)) return 'value';
  if (matches.some((match) => match === 'date' || match === 'time' || match === 'datetime')) return 'format';
  if (matches.some((match) => match === 'regex' || match === 'include' || match === 'semver' || match === 'notEmpty'))
    return 'pattern';
  return 'type';
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
