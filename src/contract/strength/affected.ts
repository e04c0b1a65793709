import type { Answer, Exchange } from './exchange.ts';
import type { Mutant } from '../../verify/mutation/mutant.ts';

/** The exchanges whose answers a mutant changes, and what it makes of them. */
export function affected(
  exchanges: readonly Exchange[],
  { change }: Pick<Mutant, 'change'>,
): { exchange: Exchange; answer: Answer }[] {
  if (!change) return [];
  return exchanges
    .map((exchange) => ({ exchange, answer: change(exchange, exchanges) }))
    .filter(({ exchange, answer }) => !isSame(answer, exchange.answer));
}

function isSame(one: Answer, other: Answer): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
