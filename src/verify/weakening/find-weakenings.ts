import type { Contract, Interaction } from '../../pact/model.ts';
import { interactionName } from '../../contract/pact/interaction-name.ts';
import { compareInteractions, promisesAsMuch } from '../../contract/weakening/compare-interactions.ts';
import type { Weakening } from './weakening.ts';

/**
 * What contracts demanded at their base and demand no more. Each interaction is a promise: in these states, for this request, this
 * answer. It is kept where some interaction of the same consumer and provider promises at least as much, whatever its name.
 */
export function findWeakenings(base: readonly Contract[], head: readonly Contract[]): Weakening[] {
  const weakenings: Weakening[] = [];
  for (const contract of base) {
    const now = head.filter(
      ({ consumer, provider }) => consumer === contract.consumer && provider === contract.provider,
    );
    if (now.length === 0) weakenings.push(goneContract(contract));
    else weakenings.push(...lostIn(contract, now));
  }
  return weakenings;
}

function lostIn({ file, interactions, messages }: Contract, head: readonly Contract[]): Weakening[] {
  const now = head.flatMap((contract) => contract.interactions);
  const known = new Set(head.flatMap((contract) => contract.messages).map(interactionName));
  return [
    ...interactions.flatMap((each) => lossesOf(each, now).map((loss) => ({ file, ...loss }))),
    ...messages.filter((each) => !known.has(interactionName(each))).map((each) => ({ file, ...gone(each) })),
  ];
}

function lossesOf(was: Interaction, head: readonly Interaction[]): Omit<Weakening, 'file'>[] {
  const interaction = interactionName(was);
  const sameName = head.filter(({ description }) => description === was.description);
  const compared = sameName
    .map((is) => compareInteractions(was, is))
    .toSorted((one, other) => one.length - other.length);
  const [fewest] = compared;
  if (fewest?.length === 0 || head.some((is) => promisesAsMuch(was, is))) return [];
  return fewest?.map((loss) => ({ interaction, ...loss })) ?? [gone(was)];
}

function gone(was: Pick<Interaction, 'description' | 'states'>): Omit<Weakening, 'file'> {
  return {
    interaction: interactionName(was),
    rule: 'interaction',
    sentence: 'The interaction is gone, and no other promises as much.',
  };
}

function goneContract({ file, consumer, provider }: Contract): Weakening {
  return { file, rule: 'contract', sentence: `There is no contract of ${consumer} with ${provider} any more.` };
}
