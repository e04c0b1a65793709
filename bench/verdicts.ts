import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { peakMemoryOf, timeOf, type Command } from './harness/command.ts';
import { arzamed } from './harness/environment.ts';
import { interleave } from './harness/interleave.ts';
import type { Benchmark, Growth, Ratio } from './harness/section.ts';
import { summarize } from './harness/statistics.ts';
import { changedDocumentOf, contractOf, documentOf } from './peers/documents.ts';

interface Growing {
  name: string;
  /** What there is more and more of, in the plural. */
  of: string;
  sizes: readonly number[];
  /** What the largest may take at most. */
  seconds: number;
  make: (folder: string, size: number) => Promise<Command>;
}

const rounds = 3;

/** Peak memory at the largest size. */
const mebibytes = 1024;

/** `verify` has the same document for all numbers of interactions. */
const verified = 300;

const growing: readonly Growing[] = [
  {
    name: 'diff',
    of: 'operations',
    sizes: [50, 100, 200, 500, 1000],
    seconds: 5,
    make: async (folder, size) => {
      const before = await write(join(folder, `before-${size}.json`), documentOf(size));
      const after = await write(join(folder, `after-${size}.json`), changedDocumentOf(size));
      const contract = await write(join(folder, `contract-${size}.json`), contractOf(size, size));
      return {
        name: `arzamed diff, ${size}`,
        args: [arzamed, 'diff', before, after, '--contracts', contract],
        exitCode: 1,
        isRight: (printed) => printed.includes('breaks you') && printed.includes('does not touch you'),
      };
    },
  },
  {
    name: 'verify',
    of: 'interactions',
    sizes: [10, 50, 100, 200, 500],
    seconds: 30,
    make: async (folder, size) => {
      const document = await write(join(folder, 'verified.json'), documentOf(verified));
      const contract = await write(join(folder, `verified-by-${size}.json`), contractOf(verified, size));
      return {
        name: `arzamed verify, ${size}`,
        args: [arzamed, 'verify', '--spec', document, '--contracts', contract],
        isRight: (printed) => / hold, in [\d.]+ s\.\n$/.test(printed),
      };
    },
  },
];

export const benchmark: Benchmark = {
  title: 'Verdicts: diff and verify as documents and contracts grow',
  async run(progress) {
    await using folder = await temporaryFolder();
    const growths: Growth[] = [];
    const ratios: Ratio[] = [];
    for (const each of growing) {
      const commands = new Map<string, Command>();
      for (const size of each.sizes) commands.set(String(size), await each.make(folder.path, size));
      const tasks = (measure: (command: Command) => number): Record<string, () => number> =>
        Object.fromEntries([...commands].map(([size, command]) => [size, () => measure(command)]));
      const onRound = (round: number): void => progress(`${each.name}: round ${round} of ${rounds}`);
      const seconds = await interleave(
        tasks((command) => timeOf(command) / 1000),
        { rounds, onRound },
      );
      const memory = await interleave(tasks(peakMemoryOf), { rounds: 1 });
      growths.push(growthOf(each, 'time', 's', seconds), growthOf(each, 'peak memory', 'MiB', memory));
      const most = each.sizes.at(-1) ?? 0;
      const title = `${each.name} with ${most} ${each.of}`;
      const largest = (measured: Record<string, number[]>): number => summarize(measured[most] ?? []).median;
      ratios.push(
        { title: `${title}, in seconds`, value: largest(seconds), target: { atMost: each.seconds } },
        { title: `${title}, peak memory in MiB`, value: largest(memory), target: { atMost: mebibytes } },
      );
    }
    return {
      about: `Each is a process of its own, ${rounds} times in turn, and once more for its memory. Documents and contracts
        are generated: for each three operations a model of seven properties, which one lists, one gets and one adds; for
        each interaction a \`GET\` of one thing, with matching rules. In the changed document a tenth of the models have a
        property of another type, and a seventh have lost one; there are as many interactions as operations, and \`diff\`
        tells which of them each change breaks. \`verify\` holds the interactions against ${verified} operations, and against the
        mock of them.`,
      tables: [],
      growths,
      ratios,
    };
  },
};

function growthOf(
  { name, of }: Growing,
  what: string,
  unit: Growth['unit'],
  measured: Record<string, readonly number[]>,
): Growth {
  const points = Object.entries(measured).map(([size, values]) => ({ at: Number(size), ...summarize(values) }));
  return { title: `${name}: ${what}`, of, unit, lines: [{ who: `arzamed ${name}`, points }] };
}

/** @returns the path of the file. */
async function write(path: string, value: unknown): Promise<string> {
  await writeFile(path, JSON.stringify(value));
  return path;
}
