import { join } from 'node:path';
import { timeOf, type Command } from './harness/command.ts';
import { arzamed, root } from './harness/environment.ts';
import { interleave } from './harness/interleave.ts';
import { table, type Benchmark, type Ratio } from './harness/section.ts';

export const benchmark: Benchmark = {
  title: 'Certify: a program in all scenarios',
  async run(progress) {
    const commands = [certify(1), certify(2)];
    const measured = await interleave(
      Object.fromEntries(commands.map((command) => [command.name, () => timeOf(command)])),
      { rounds: 3, onRound: (round, rounds) => progress(`round ${round} of ${rounds}`) },
    );
    const took = table('a whole certification', 'ms', measured);
    return {
      about: `The program is started once in each of 27 scenarios, and starts in 0.1 s. It waits by itself as well: 3 s
        for an answer that does not come, 1 s for \`Retry-After\`, and between its attempts. All that it can show must be
        met.`,
      tables: [took],
      growths: [],
      ratios: took.figures.map(({ who, median }): Ratio => ({
        title: `${who}, in seconds`,
        value: median / 1000,
        target: { atMost: 30 },
      })),
    };
  },
};

function certify(jobs: number): Command {
  const program = [process.execPath, join(root, 'test/certify/programs/sync.mjs')];
  return {
    name: `arzamed certify --jobs ${jobs}`,
    args: [arzamed, 'certify', '--jobs', String(jobs), '--', ...program],
    isRight: (printed) => printed.includes(': 40 met, 1 not observed ('),
  };
}
