import { Problem } from '../../../util/errors.ts';
import type { PactFile } from '../../../verify/provider/verify-provider.ts';
import { affected } from '../affected.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { Judgement, Net } from '../net.ts';
import type { Stage } from '../stage.ts';
import type { Troupe } from '../troupe.ts';

/**
 * The contracts, held by Pact's own verifier to a provider that answers as it did when it was recorded, but for the mutant's
 * change. Interactions whose answers the mutant leaves as they were are not played again.
 */
export function pactNet(
  contracts: readonly PactFile[],
  exchanges: readonly Exchange[],
  stage: Stage,
  troupe: Troupe,
): Net {
  return { name: 'pact', judge: (mutant) => judge(affected(exchanges, mutant)) };

  async function judge(plays: readonly { exchange: Exchange; answer: Answer }[]): Promise<Judgement> {
    for (const { exchange, answer } of plays) {
      const contract = contracts.find(({ file }) => file === exchange.contract);
      if (!contract) continue;
      using play = stage.begin({
        changeState: (body) => exchange.states.get(body) ?? '{}',
        answer: () => answer,
      });
      const mismatches = await troupe.play(contract, exchange.index, play);
      if (!mismatches) throw unplayable(exchange);
      if (mismatches.length > 0) return { result: 'killed', by: exchange.interaction };
    }
    return { result: 'survived' };
  }
}

/** To take this for a kill would make every broken verifier a strong contract. */
function unplayable({ contract, interaction }: Exchange): Problem {
  return new Problem({
    code: 'baseline_failing',
    what: "Pact's verifier could not play an interaction to a mutant.",
    facts: { contract, interaction },
    remedy: 'Run this again; if it stays so, look at the request of the interaction in the contract.',
  });
}
