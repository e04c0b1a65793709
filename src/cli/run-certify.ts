import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import {
  certify,
  compareWithExpected,
  describeCertification,
  exitCodeOf,
  type Certification,
} from '../certify/certify.ts';
import { probe } from '../certify/probe.ts';
import { certifyFormats, describeProbe, certificationJson, certificationText } from '../certify/report.ts';
import { readRequirements, selectRequirements, type RequirementSet } from '../mock/findings/requirements.ts';
import type { Setting } from '../certify/run-scenario.ts';
import { discover } from '../intercept/hosts.ts';
import { readWorld } from '../mock/clinics/world.ts';
import { makeSigningKey } from '../mock/state/signing-keys.ts';
import { sha256 } from '../openapi/load/files.ts';
import { formatOf } from '../report/page.ts';
import { Problem } from '../util/errors.ts';
import { displayPath, packageFile, reasonOf, writeFiles } from '../util/files.ts';
import { parseObject } from '../util/json.ts';
import { printableJson, showStep } from '../util/terminal.ts';
import { listReader, notBlank } from '../verify/weakening/reasons.ts';
import type { CertifyOptions, ExitCode } from './options.ts';

/**
 * Runs a program in one scenario after another, and says which requirements it meets.
 * @throws Problem if an option is invalid, or the program cannot be started.
 */
export async function runCertify(command: string, args: readonly string[], options: CertifyOptions): Promise<ExitCode> {
  if (options.check !== undefined) return checkReport(options.check);
  const formats = (options.report ?? []).map((file) => [file, formatOf(file, certifyFormats)] as const);
  const played = await readWorld(options);
  const set = selectRequirements(await readRequirements(played.api.document, options.requirements), options.only);
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
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
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
    return await (options.probe ? tryChanges(setting, options) : tryRequirements(setting, set, formats, options));
  } finally {
    showStep();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function tryRequirements(
  setting: Setting,
  set: RequirementSet,
  formats: readonly (readonly [string, (report: Certification) => string])[],
  options: CertifyOptions,
): Promise<ExitCode> {
  const from = performance.now();
  const expected = options.expected === undefined ? [] : await readExpected(options.expected);
  const { results, interrupted } = await certify({
    ...setting,
    set,
    jobs: options.jobs,
    onScenario: ({ about }, number, of) => showStep(`${number} of ${of}: ${about}`),
  });
  showStep();
  const { version } = parseObject(await readFile(packageFile('package.json'), 'utf8')) ?? {};
  const report = describeCertification(basename(setting.program.command), setting.played.api.document, set, {
    date: new Date().toISOString(),
    version: String(version),
    milliseconds: Math.round(performance.now() - from),
    results: compareWithExpected(results, expected),
    interrupted,
  });
  const color = process.stdout.isTTY && !process.env['NO_COLOR'];
  process.stdout.write(options.json ? certificationJson(report) : certificationText(report, color));
  for (const [file, format] of formats) {
    const text = format(report);
    const name = basename(file);
    // As sha256sum writes and checks it.
    await writeFiles(dirname(resolve(file)), { [name]: text, [`${name}.sha256`]: `${sha256(text)}  ${name}\n` });
    process.stderr.write(`Wrote ${displayPath(file)} and ${displayPath(file)}.sha256\n`);
  }
  return interrupted ? 2 : exitCodeOf(report.results);
}

async function tryChanges(setting: Setting, { expectOutput, budget, json }: CertifyOptions): Promise<ExitCode> {
  const told = await probe({
    ...setting,
    expected: expectOutput,
    budget: budget * 1000,
    onChange: (change, number, of) => showStep(`${number} of ${of}: ${change}`),
  });
  showStep();
  process.stdout.write(json ? printableJson(told) : describeProbe(told));
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
