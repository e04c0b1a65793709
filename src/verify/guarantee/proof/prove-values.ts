import type { Demand, ScalarDemand } from '../../../matching/demand.ts';
import { matcherOf, rulesOf } from '../../../matching/matchers.ts';
import { jsonTypeOf, jsonTypes, wordOf, wordsOf, type JsonType } from '../../../util/json.ts';
import { valuesOf } from '../../../openapi/schema.ts';
import type { Proof } from './claim.ts';
import { coverType, exampleOf, isExample, typesIn } from './cover.ts';
import { broken, eitherWay, holds, undecided, quoteValue, type At, type PlaceVerdict } from './place-verdict.ts';

interface Gap {
  type: JsonType;
  counterexample: { value: unknown } | undefined;
  reason: string | undefined;
}

/** Proves of a place that no value comes there whose type, or which itself, the contract refuses. */
export function proveTypes(proof: Proof): PlaceVerdict[] {
  const { demand, siblings, alternatives, claim } = proof;
  const demands = [demand, ...siblings];
  const gaps = alternatives.flatMap(({ spot, branch }) =>
    typesIn(branch).flatMap((type): Gap[] => {
      const cover = coverType(branch, type, demands, claim.sampler);
      if (cover.all) return [];
      return [{ type, counterexample: claim.counterexample(spot, cover.values), reason: cover.reason }];
    }),
  );
  const isNull = isExample(demand) && demand.kind === 'scalar' && exampleOf(demand.condition) === null;
  const mayBeNull = alternatives.some(({ branch }) => typesIn(branch).includes('null'));
  // Null is a type with one value; like any exact value, request and state decide whether it comes.
  const accepted = isNull && mayBeNull ? undefined : acceptedTypes(demands);
  const isStrange = ({ type }: Gap): boolean => accepted?.has(type) === false;
  const types = ofTypes(gaps.filter(isStrange), proof, accepted);
  if (demand.kind !== 'scalar') return worstOfEach(types);
  const values = ofValues(
    gaps.filter((gap) => !isStrange(gap)),
    demand,
    proof,
  );
  return worstOfEach([...types, ...values, ...ofRuledExample([...types, ...values], demand, proof)]);
}

function ofTypes(
  gaps: readonly Gap[],
  { demand: { place }, pointer, alternatives }: Proof,
  accepted: Set<JsonType> | undefined,
): PlaceVerdict[] {
  if (accepted === undefined || alternatives.length === 0) return [];
  const types = wordsOf(alternatives.flatMap(({ branch }) => typesIn(branch)));
  if (gaps.length === 0)
    return [
      holds({ place, pointer, rule: 'type' }, `The specification allows ${types} here, and so does the contract.`),
    ];
  return gaps.map(({ type, counterexample, reason }) => {
    const at = { place, pointer, rule: type === 'null' ? 'null' : 'type' };
    if (counterexample) {
      const ways = eitherWay(
        type === 'null' ? 'exclude null' : 'narrow the type',
        type === 'null' ? 'expect null in a further interaction' : 'loosen the rule',
      );
      const sentence = `The specification allows ${wordOf(type)} here; the contract requires ${wordsOf(accepted)}.${ways}`;
      return broken(at, sentence);
    }
    const why = reason ?? 'no allowed value of this type was found';
    return undecided(at, `It was not decided whether the specification allows ${wordOf(type)} here: ${why}.`);
  });
}

function worstOfEach(verdicts: readonly PlaceVerdict[]): PlaceVerdict[] {
  const rank = { holds: 0, 'not verifiable': 1, broken: 2 };
  const sorted = verdicts.toSorted((a, b) => rank[b.result] - rank[a.result]);
  return sorted.filter(({ rule }, index) => sorted.findIndex((other) => other.rule === rule) === index);
}

function ofValues(gaps: readonly Gap[], demand: ScalarDemand, proof: Proof): PlaceVerdict[] {
  const at = { place: demand.place, pointer: proof.pointer, rule: ruleOf(demand) };
  const worst = gaps.find(({ counterexample }) => counterexample) ?? gaps[0];
  if (!worst) {
    if (at.rule === 'type') return [];
    const beside = proof.siblings.length > 0 ? ', here or in another interaction' : '';
    return [holds(at, `The contract accepts every value that the specification allows here${beside}.`)];
  }
  if (isExample(demand)) return [ofExample(at, exampleOf(demand.condition), proof)];
  const { counterexample, reason = 'neither a proof nor a counterexample was found' } = worst;
  if (counterexample) {
    const value = quoteValue(counterexample.value);
    const ways = eitherWay('exclude such values (`pattern`, `format`, `enum`, bounds)', 'loosen the rule');
    return [broken(at, `The specification allows ${value} here; the contract refuses it.${ways}`)];
  }
  const sentence = `It was not decided whether the contract accepts every value that the specification allows here: ${reason}.`;
  return [undecided(at, sentence)];
}

/** The consumer was tested with the example: if the provider cannot send it, the tests show nothing. */
function ofRuledExample(
  findings: readonly PlaceVerdict[],
  { place, condition }: ScalarDemand,
  { claim, alternatives, pointer }: Proof,
): PlaceVerdict[] {
  const example = exampleOf(condition);
  const refused = alternatives.every(({ spot }) => claim.schemas.allows(spot.schemas, example) === false);
  // Once is enough.
  if (!refused || alternatives.length === 0 || findings.some(({ result }) => result === 'broken')) return [];
  const sentence = `The example of the contract is ${quoteValue(example)}; the specification does not allow it here.${eitherWay('allow it', 'take another example')}`;
  return [broken({ place, pointer, rule: 'example' }, sentence)];
}

function ruleOf(demand: ScalarDemand): string {
  if (isExample(demand)) return 'value';
  const found = new Set(rulesOf(demand.condition).map((rule) => matcherOf(rule).verdict));
  return found.has('format') ? 'format' : found.has('pattern') ? 'pattern' : 'type';
}

/** The state decides which value is sent, so a specification can only show that the example is possible. */
function ofExample(at: At, example: unknown, { claim, alternatives }: Proof): PlaceVerdict {
  const allowed = alternatives.map(({ spot }) => claim.schemas.allows(spot.schemas, example));
  if (alternatives.length > 0 && allowed.every((answer) => answer === false)) {
    const ways = eitherWay('allow it', 'expect another value');
    return broken(at, `The contract requires ${quoteValue(example)}; the specification does not allow it here.${ways}`);
  }
  // Of a few values that the specification names, each is one that consumers are meant to tell apart.
  const isNamed = alternatives.every(({ branch }) => valuesOf(branch) !== undefined);
  const among = isNamed ? 'the values that it lists' : 'other values';
  const sentence = `The specification allows ${quoteValue(example)} among ${among}; the request and provider state decide which.`;
  if (isNamed) return holds({ ...at, rule: 'possible value' }, sentence);
  return undecided(at, sentence + eitherWay('list the values (`enum`, `const`)', 'use a matching rule'));
}

function acceptedTypes(demands: readonly Demand[]): Set<JsonType> | undefined {
  const types = new Set(demands.flatMap((demand) => (demand.kind === 'scalar' ? typesOfRules(demand) : [demand.kind])));
  return types.size === jsonTypes.length ? undefined : types;
}

function typesOfRules({ condition }: ScalarDemand): readonly JsonType[] {
  const own = jsonTypeOf(exampleOf(condition));
  const types = rulesOf(condition).flatMap((rule) => matcherOf(rule).types?.(own) ?? []);
  if (types.length > 0) return types;
  return own === 'integer' ? ['integer', 'number'] : [own];
}
