import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { manyOperations } from '../test/types/large-documents.ts';
import { peakMemoryOf, timeOf, type Command } from './harness/command.ts';
import { arzamed, root } from './harness/environment.ts';
import { interleave } from './harness/interleave.ts';
import { ratio, table, type Benchmark, type Table } from './harness/section.ts';
import { packageCommand } from './harness/versions.ts';

type Progress = (text: string) => void;

const own = 'arzamed types';
const peer = 'openapi-typescript';

export const benchmark: Benchmark = {
  title: 'Commands: from start to end',
  async run(progress) {
    await using folder = await temporaryFolder({
      'large.json': JSON.stringify(manyOperations(1000)),
      'changed.json': JSON.stringify(withoutNames()),
    });
    const help = await measure('--help', [nothing, helpCommand, prismHelp], { rounds: 15, progress });
    const execTrue = await measure('exec -- true', [nothing, execCommand], { rounds: 25, progress });
    const vendor = await measure('types of openapi/arzamed.yaml', typesCommands(spec, folder.path, 'listDoctors'), {
      rounds: 9,
      progress,
    });
    const large = await measure(
      'types of 1,000 operations',
      typesCommands(join(folder.path, 'large.json'), folder.path, 'putThing499'),
      { rounds: 3, progress },
    );
    const verify = await measure('verify of two contracts', [verifyCommand, comparator], { rounds: 5, progress });
    const diff = await measure('diff of two specifications', diffCommands(join(folder.path, 'changed.json')), {
      rounds: 5,
      progress,
    });
    return {
      about: `Each is a process of its own; \`node -e 0\` is Node alone. Pact's comparator holds one of the contracts
        against the specification, which is one of the things that \`arzamed verify\` does; the other contract it takes for
        one of another API. Both diffs must find that a property was removed. Both generators write a file. The document
        of 1,000 operations is made from a seed, with as many schemas that refer to each other.`,
      tables: [help, execTrue, verify, diff, vendor, large].flat(),
      growths: [],
      ratios: [
        ratio(help[0], helpCommand.name, nothing.name, { atMost: 2 }),
        ratio(help[0], helpCommand.name, prismHelp.name),
        ratio(execTrue[0], execCommand.name, nothing.name, { atMost: 5 }),
        {
          title: 'verify of two contracts, in seconds',
          value: (verify[0].figures[0]?.median ?? Number.NaN) / 1000,
          target: { atMost: 5 },
        },
        ...diff.map((each) => ratio(each, diffName, diffPeer)),
        ...[vendor, large].flat().map((each) => ratio(each, own, peer)),
      ],
    };
  },
};

const nothing: Command = { name: 'node -e 0', args: ['-e', '0'], isRight: (printed) => printed === '' };

const execCommand: Command = {
  name: 'arzamed exec -- true',
  args: [arzamed, 'exec', '--quiet', '--', 'true'],
  isRight: (printed) => printed === '',
};

const helpCommand: Command = {
  name: 'arzamed --help',
  args: [arzamed, '--help'],
  isRight: (printed) => printed.startsWith('Usage: arzamed'),
};

const prismHelp: Command = {
  name: 'prism --help',
  args: [packageCommand('@stoplight/prism-cli', 'prism'), '--help'],
  isRight: (printed) => printed.startsWith('prism <command>'),
};

const spec = join(root, 'openapi/arzamed.yaml');

const comparator: Command = {
  name: "Pact's comparator, one contract",
  args: [
    join(root, 'node_modules/@pactflow/openapi-pact-comparator/dist/cli.cjs'),
    '--oas',
    spec,
    join(root, 'contracts/arzamed-devkit-arzamed-token-endpoint.json'),
  ],
  isRight: (printed) => printed.trim() === '[]',
};

const verifyCommand: Command = {
  name: 'arzamed verify',
  args: [arzamed, 'verify'],
  isRight: (printed) => / hold, in [\d.]+ s\.\n$/.test(printed),
};

const diffName = 'arzamed diff';
const diffPeer = 'redocly diff';

/** @param changed a specification that has lost a property. */
function diffCommands(changed: string): Command[] {
  const isRight = (printed: string): boolean => printed.includes('property-removed');
  const redocly = join(root, 'node_modules/@redocly/cli/bin/cli.js');
  return [
    { name: diffName, args: [arzamed, 'diff', spec, changed], exitCode: 1, isRight },
    { name: diffPeer, args: [redocly, 'diff', spec, changed], exitCode: 1, isRight },
  ];
}

/** The specification without the names of doctors. */
function withoutNames(): unknown {
  const document: { components: { schemas: { Doctor: { required: string[]; properties: Record<string, unknown> } } } } =
    parse(readFileSync(spec, 'utf8'));
  const { Doctor: doctor } = document.components.schemas;
  doctor.required = doctor.required.filter((name) => name !== 'name');
  delete doctor.properties['name'];
  return document;
}

/** @param holds what the types must hold. */
function typesCommands(document: string, folder: string, holds: string): Command[] {
  const out = join(folder, 'types.ts');
  // Without the file of the run before, which would be found there unchanged.
  const isRight = (): boolean => {
    const text = readFileSync(out, 'utf8');
    rmSync(out);
    return text.includes('export interface paths') && text.includes(holds);
  };
  return [
    { name: own, args: [arzamed, 'types', '--spec', document, '--out', out], isRight },
    // With Node's own stack it overflows now and then.
    { name: peer, args: ['--stack-size=4000', packageCommand(peer, peer), document, '--output', out], isRight },
  ];
}

async function measure(
  title: string,
  commands: readonly Command[],
  { rounds, progress }: { rounds: number; progress: Progress },
): Promise<[time: Table, memory: Table]> {
  const each = (measured: (command: Command) => number): Record<string, () => number> =>
    Object.fromEntries(commands.map((command) => [command.name, () => measured(command)]));
  const onRound = (round: number): void => progress(`${title}: round ${round} of ${rounds}`);
  const times = await interleave(each(timeOf), { rounds, dropped: 1, onRound });
  const memory = await interleave(each(peakMemoryOf), { rounds: Math.ceil(rounds / 9) });
  return [table(`${title}, time`, 'ms', times), table(`${title}, peak memory`, 'MiB', memory)];
}
