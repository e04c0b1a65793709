import type { Contract, Interaction } from '../pact/contract.ts';
import { interactionName } from '../pact/interaction-name.ts';
import { compareInteractions } from './compare-interactions.ts';
import type { Weakening } from './weakening.ts';

/**
 * What contracts demanded of their providers and demand no more. Contracts are told by consumer and provider, interactions by
 * description and states.
 */
export function findWeakenings(before: readonly Contract[], now: readonly Contract[]): Weakening[] {
  return before.flatMap((old) => {
    const same = now.filter(({ consumer, provider }) => consumer === old.consumer && provider === old.provider);
    const [contract] = same;
    if (!contract) {
      const sentence = `The contract of ${old.consumer} with ${old.provider} is gone.`;
      return [{ contract: old.file, rule: 'contract', sentence } satisfies Weakening];
    }
    const interactions = same.flatMap((each) => each.interactions);
    return old.interactions.flatMap((interaction) =>
      compareWith(interactions, interaction).map((found): Weakening => ({
        ...found,
        contract: contract.file,
        interaction: interactionName(interaction),
      })),
    );
  });
}

function compareWith(
  interactions: readonly Interaction[],
  old: Interaction,
): Pick<Weakening, 'place' | 'rule' | 'sentence'>[] {
  const name = interactionName(old);
  const now = interactions.find((each) => interactionName(each) === name);
  if (now) return compareInteractions(old, now);
  const others = interactions.filter(({ description }) => description === old.description);
  if (others.length === 0) return [{ rule: 'interaction', sentence: 'The interaction is gone.' }];
  const states = others.map((each) => each.states.map((state) => state.name).join(' and ') || 'no state').join('; ');
  return [{ rule: 'state', sentence: `The interaction had other provider states; now there is: ${states}.` }];
}
