import { github, json, markdown, text } from '../diff/formats.ts';
import { reportDiff } from '../diff/impact.ts';
import { readSpec } from '../openapi/load/load.ts';
import { readContracts } from '../pact/read-contract.ts';
import { displayPath } from '../util/files.ts';
import { fileOfRevision, usualContracts } from './git.ts';
import type { DiffOptions, ExitCode } from './options.ts';

const formats = { github, json, markdown, text };

/** @throws Problem if a specification or a contract cannot be used. */
export async function runDiff(before: string, after: string, options: DiffOptions): Promise<ExitCode> {
  const read = async (given: string) => {
    await using file = await fileOfRevision(given);
    return { name: file.isRevision ? given : displayPath(given), document: await readSpec(file.path) };
  };
  const [old, now] = [await read(before), await read(after)];
  const path = options.contracts ?? usualContracts(old.document).path;
  const contracts = path === undefined || path === 'none' ? [] : await readContracts(path);
  const report = reportDiff(old, now, contracts);
  process.stdout.write(formats[options.json ? 'json' : options.format](report));
  const isOpen = options.strict === true && report.changes.some(({ severity }) => severity === 'undecided');
  return report.advice === 'major' || isOpen ? 1 : 0;
}
