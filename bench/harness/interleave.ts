interface Rounds {
  rounds: number;
  /** Rounds before them that do not count, for caches and compilers to get warm. */
  dropped?: number;
  /** Is told the number of the round, from 1; those that do not count belong to the first. */
  onRound?: (round: number, rounds: number) => void;
}

type Task<Value> = () => Value | Promise<Value>;

/**
 * Runs each task once a round, so that what else happens on the machine hits all alike. The order changes from round to
 * round, so that no task always follows the same other.
 * @param tasks name to its task, or to several: the same, of several processes.
 * @returns what the tasks of each name gave, round by round.
 */
export async function interleave<Value>(
  tasks: Record<string, Task<Value> | readonly Task<Value>[]>,
  { rounds, dropped = 0, onRound = () => {} }: Rounds,
): Promise<Record<string, Value[]>> {
  const found: Record<string, Value[]> = {};
  const contestants = Object.entries(tasks).flatMap(([name, own]) => {
    const values = (found[name] = new Array<Value>());
    return [own].flat().map((task) => ({ task, values }));
  });
  for (let round = 0; round < rounds + dropped; round += 1) {
    onRound(Math.max(1, round - dropped + 1), rounds);
    for (const { task, values } of inOrder(contestants, round)) {
      const value = await task();
      if (round >= dropped) values.push(value);
    }
  }
  return found;
}

/** Rotated by one each second round, and the other way round in the rounds between. */
function inOrder<Each>(all: readonly Each[], round: number): Each[] {
  const first = Math.floor(round / 2) % Math.max(1, all.length);
  const rotated = [...all.slice(first), ...all.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}
