import { changeAnnotations, diffFormats, json, markdown, text } from '../diff/formats.ts';
import { reportDiff } from '../diff/impact.ts';
import { readSpecFiles } from '../openapi/load/load.ts';
import { readContracts } from '../pact/read-contract.ts';
import { reportToGithub } from '../report/github.ts';
import { reportWriter } from '../report/page.ts';
import { displayPath } from '../util/files.ts';
import { fromPointer } from '../util/json.ts';
import { fileOfRevision, usualContracts } from './git.ts';
import type { DiffOptions, ExitCode } from './options.ts';

const formats = { json, markdown, text };

/** @throws Problem if a specification or a contract cannot be used. */
export async function runDiff(before: string, after: string, options: DiffOptions): Promise<ExitCode> {
  const writeReports = reportWriter(options.report, diffFormats);
  const read = async (given: string) => {
    await using file = await fileOfRevision(given);
    const { document, locate } = await readSpecFiles(file.path, { kept: 'all', remote: 'refused' });
    return file.isRevision
      ? { name: given, document, locate: () => given }
      : { name: displayPath(given), document, locate: (pointer: string) => locate(fromPointer(pointer)) };
  };
  const [old, now] = [await read(before), await read(after)];
  const path = options.contracts ?? usualContracts(old.document).path;
  const contracts = path === undefined || path === 'none' ? [] : await readContracts(path);
  const report = reportDiff(old, now, contracts);
  const format = options.json ? 'json' : options.format;
  if (format === 'github') {
    await reportToGithub('arzamed diff', changeAnnotations(report, now.locate), markdown(report));
  } else process.stdout.write(formats[format](report));
  await writeReports(report, now.locate);
  const isOpen = options.strict === true && report.changes.some(({ severity }) => severity === 'undecided');
  return report.advice === 'major' || isOpen ? 1 : 0;
}
