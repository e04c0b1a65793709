interface Rounds {
  rounds: number;
  /** Rounds before them that do not count, for caches and compilers to get warm. */
  dropped?: number;
  onRound?: (round: number, rounds: number) => void;
}

/**
 * Runs each task once a round, so that what else happens on the machine hits all alike. The order changes from round to
 * round, so that no task always follows the same other.
 * @returns what each task gave, round by round.
 */
export async function interleave<Value>(
  tasks: Record<string, () => Value | Promise<Value>>,
  { rounds, dropped = 0, onRound = () => {} }: Rounds,
): Promise<Record<string, Value[]>> {
  const contestants = Object.entries(tasks).map(([name, task]) => ({ name, task, values: new Array<Value>() }));
  for (let round = 0; round < rounds + dropped; round += 1) {
    onRound(Math.max(0, round - dropped), rounds);
    for (const { task, values } of inOrder(contestants, round)) {
      const value = await task();
      if (round >= dropped) values.push(value);
    }
  }
  return Object.fromEntries(contestants.map(({ name, values }) => [name, values]));
}

/** Rotated by one each second round, and the other way round in the rounds between. */
function inOrder<Each>(all: readonly Each[], round: number): Each[] {
  const first = Math.floor(round / 2) % Math.max(1, all.length);
  const rotated = [...all.slice(first), ...all.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}
