import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  certify,
  compareWithExpected,
  describeCertification,
  exitCodeOf,
  type Certification,
} from '../certify/certify.ts';
import { probe } from '../certify/probe.ts';
import {
  requirementAnnotations,
  certificationJson,
  certificationText,
  certifyFormats,
  describeProbe,
  certificationMarkdown,
  probeAnnotations,
} from '../certify/report.ts';
import { readRequirements, selectRequirements, type RequirementSet } from '../mock/findings/requirements.ts';
import type { Setting } from '../certify/run-scenario.ts';
import { discover } from '../intercept/hosts.ts';
import { readWorld } from '../mock/clinics/world.ts';
import { makeSigningKey } from '../mock/state/signing-keys.ts';
import { sha256 } from '../openapi/load/files.ts';
import { programFile, reportToGithub } from '../report/github.ts';
import { cell, reportWriter } from '../report/page.ts';
import { Problem } from '../util/errors.ts';
import { displayPath, packageVersion, reasonOf } from '../util/files.ts';
import { printableJson, showStep } from '../util/terminal.ts';
import { listReader, notBlank } from '../verify/weakening/reasons.ts';
import type { CertifyOptions, ExitCode } from './options.ts';

/** Children are in groups of their own, which no key and no end of a terminal reaches. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program in one scenario after another, and says which requirements it meets.
 * @throws Problem if an option is invalid, or the program cannot be started.
 */
export async function runCertify(command: string, args: readonly string[], options: CertifyOptions): Promise<ExitCode> {
  if (options.check !== undefined) return checkReport(options.check);
  // As sha256sum writes and checks it.
  const more = (name: string, text: string) => ({ [`${name}.sha256`]: `${sha256(text)}  ${name}\n` });
  const writeReports = reportWriter(options.report, certifyFormats, { more });
  const played = await readWorld(options);
  const all = await readRequirements(played.api.document, options.requirements);
  const set = selectRequirements(all, options.only);
  if (options.list) {
    process.stdout.write(listed(set));
    return 0;
  }
  const { jobs, trigger, ready } = options;
  if (command === '') throw invalid('There is no program to run.', 'Name it and its arguments after --.');
  if (ready !== undefined && trigger === undefined) {
    throw invalid(
      '--ready is for a program that keeps running.',
      'Add --trigger COMMAND, which makes it call the API.',
    );
  }
  if (trigger !== undefined && jobs > 1) {
    throw invalid('Programs that keep running would share a port.', 'Omit --jobs.');
  }
  const expected = options.expected === undefined ? [] : await readExpected(options.expected);
  selectRequirements(all, expected);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  for (const signal of endings) process.once(signal, interrupt);
  const setting = {
    played,
    discovery: await discover(played),
    signingKey: await makeSigningKey(),
    program: { command, args, repeat: options.repeat, ready, trigger },
    clinic: options.clinic,
    envPrefix: options.envPrefix,
    allowNetwork: options.allowNetwork,
    patience: options.patience * 1000,
    signal: stop.signal,
  };
  try {
    return await (options.probe
      ? tryChanges(setting, options)
      : tryRequirements(setting, set, writeReports, { ...options, expected }));
  } finally {
    showStep();
    for (const signal of endings) process.off(signal, interrupt);
  }
}

async function tryRequirements(
  setting: Setting,
  set: RequirementSet,
  writeReports: (report: Certification, where?: string) => Promise<void>,
  options: Pick<CertifyOptions, 'jobs' | 'json' | 'format' | 'spec'> & { expected: readonly string[] },
): Promise<ExitCode> {
  const from = performance.now();
  const { results, interrupted } = await certify({
    ...setting,
    set,
    jobs: options.jobs,
    onScenario: ({ about }, number, of) => showStep(`${number} of ${of}: ${about}`),
  });
  showStep();
  const report = describeCertification(nameOf(setting.program), setting.played.api.document, set, {
    date: new Date().toISOString(),
    version: packageVersion(),
    milliseconds: Math.round(performance.now() - from),
    results: compareWithExpected(results, options.expected),
    interrupted,
  });
  const color = process.stdout.isTTY && !process.env['NO_COLOR'];
  const where = fileOf(setting, options);
  if (options.format === 'github') {
    await reportToGithub('arzamed certify', requirementAnnotations(report, where), certificationMarkdown(report));
  } else process.stdout.write(options.json ? certificationJson(report) : certificationText(report, color));
  await writeReports(report, where);
  return interrupted ? 2 : exitCodeOf(report.results);
}

/** The program without what may be a secret: its command, and the first file among its arguments. */
function nameOf({ command, args }: Setting['program']): string {
  const file = args.find((each) => existsSync(each));
  return [command, ...(file === undefined ? [] : [file])].map((each) => basename(each)).join(' ');
}

/** The file of the program; where that is not known, the document. */
function fileOf({ program: { command, args } }: Setting, { spec }: Pick<CertifyOptions, 'spec'>): string | undefined {
  return programFile([command, ...args]) ?? spec;
}

async function tryChanges(setting: Setting, options: CertifyOptions): Promise<ExitCode> {
  const { expectOutput, budget, json, format } = options;
  const told = await probe({
    ...setting,
    expected: expectOutput,
    budget: budget * 1000,
    onChange: (change, number, of) => showStep(`${number} of ${of}: ${change}`),
  });
  showStep();
  const text = describeProbe(told);
  if (format === 'github') {
    const page = text.split('\n').map((line) => `${cell(line)}\n`);
    await reportToGithub('arzamed certify', probeAnnotations(told.probed, fileOf(setting, options)), page.join('\n'));
  } else process.stdout.write(json ? printableJson(told) : text);
  if (told.probed.some(({ survives }) => !survives)) return 1;
  return told.untried > 0 ? 2 : 0;
}

/** Whether a report is still as it was written. */
async function checkReport(file: string): Promise<ExitCode> {
  const remedy = 'Name a report that arzamed certify wrote, beside its .sha256 file.';
  const [text, sums] = await Promise.all([readText(file, remedy), readText(`${file}.sha256`, remedy)]);
  const isSame = sums.split(/\s+/, 1)[0] === sha256(text);
  process.stdout.write(
    isSame
      ? `${displayPath(file)} is as arzamed certify wrote it.\n`
      : `${displayPath(file)} was changed after arzamed certify wrote it.\n`,
  );
  return isSame ? 0 : 1;
}

async function readText(file: string, remedy: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Problem(
      {
        code: 'option_invalid',
        what: 'The file cannot be read.',
        where: displayPath(file),
        facts: { reason: reasonOf(error) },
        remedy,
      },
      { cause: error },
    );
  });
}

interface Expected {
  requirement: string;
  reason: string;
}

const readList = listReader<Expected>('expected failures', {
  type: 'object',
  properties: { requirement: notBlank, reason: notBlank },
  required: ['requirement', 'reason'],
  additionalProperties: false,
});

/** The ids of the requirements that are expected not to be met. @throws Problem if the file is no such list. */
async function readExpected(file: string): Promise<string[]> {
  return readList(displayPath(file), await readText(file, 'Name another with --expected FILE.')).map(
    ({ requirement }) => requirement,
  );
}

function listed({ date, requirements }: RequirementSet): string {
  const width = Math.max(...requirements.map(({ id }) => id.length));
  const lines = requirements.map(({ id, level, requires }) => `  ${level.padEnd(6)}  ${id.padEnd(width)}  ${requires}`);
  return `Requirements of ${date}\n${lines.join('\n')}\n`;
}

function invalid(what: string, remedy: string): Problem {
  return new Problem({ code: 'option_invalid', what, remedy });
}
