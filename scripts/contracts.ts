// `npm run contracts` runs the consumer tests, each interaction into a folder of its own, and makes contracts/ of what they
// write; with --check it only looks whether that would change anything, as CI does. Either way, contracts that demand less
// than they did at an earlier commit are red, unless allowed-weakenings.json names it. --base REVISION says which one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { git } from '../src/cli/git.ts';
import { runCollect } from '../src/cli/run-collect.ts';
import { judgeSince } from '../src/cli/run-verify.ts';
import { readContracts } from '../src/pact/read-contract.ts';
import { main } from './main.ts';
import { runTool } from './run-tool.ts';

const out = 'contracts';

await main(async () => {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, base: { type: 'string' } },
  });
  const folder = await mkdtemp(join(tmpdir(), 'arzamed-contracts-'));
  try {
    await runTool('npm', ['run', '--silent', 'test:jest', '--', '--config', 'test/consumer/jest.config.js'], {
      PACT_DO_NOT_TRACK: 'true',
      PACT_FOLDER: folder,
    });
    const collected = await runCollect(folder, { out, check: values.check });
    return collected === 0 ? await compare(values.base ?? (await earlierCommit())) : collected;
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The last commit where the contracts have changed since, and otherwise the one before it. */
async function earlierCommit(): Promise<string | undefined> {
  const exists = async (revision: string): Promise<boolean> =>
    git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`).then(
      () => true,
      () => false,
    );
  const changed = await git('status', '--porcelain', '--', out).catch(() => '');
  const base = changed === '' ? 'HEAD^' : 'HEAD';
  return (await exists(base)) ? base : undefined;
}

async function compare(base: string | undefined): Promise<0 | 1> {
  if (base === undefined) {
    process.stderr.write('There is no earlier commit here that the contracts could be compared with.\n');
    return 0;
  }
  const verdicts = await judgeSince({ base, contracts: out }, await readContracts(out));
  const broken = verdicts.filter(({ result }) => result === 'broken');
  for (const { contract, sentence } of broken) process.stderr.write(`${contract}: ${sentence}\n`);
  return broken.length > 0 ? 1 : 0;
}
