import type { Annotation } from '../report/github.ts';
import { junit, type TestCase } from '../report/junit.ts';
import { article, cell, escapeHtml, page, section, table } from '../report/page.ts';
import { annotationFormats } from '../report/sarif.ts';
import { inert, printable, printableJson, visible } from '../util/terminal.ts';
import type { Certification, RequirementResult } from './certify.ts';
import type { Probed } from './probe.ts';

/** Results with what needs attention first. */
function sorted(results: readonly RequirementResult[]): RequirementResult[] {
  const weight = (result: RequirementResult): number => {
    const { verdict, requirement, expected } = result;
    if (verdict === 'not met') return expected === 'accepted' ? 3 : requirement.level === 'must' ? 0 : 2;
    return { met: expected === 'stale' ? 1 : 6, 'not observed': 5, 'harness error': 4 }[verdict];
  };
  return results.toSorted((a, b) => weight(a) - weight(b));
}

/** The verdict in the words of the reports. */
function wordOf({ verdict, expected }: RequirementResult): string {
  if (expected === 'accepted') return 'not met (expected)';
  return expected === 'stale' ? 'met (listed as not met)' : verdict;
}

function needsWork({ verdict, expected }: RequirementResult): boolean {
  return (verdict === 'not met' && expected !== 'accepted') || expected === 'stale';
}

const verdicts = ['met', 'not met', 'not observed', 'harness error'] as const;

/** `node sync.mjs, requirements of 2026-12: 31 met, 2 not met, 8 not observed (12.0 s).` */
function summarize({ program, requirements, milliseconds, results }: Certification): string {
  const counts = verdicts.map((word) => [word, results.filter(({ verdict }) => verdict === word).length] as const);
  const told = counts.filter(([word, count]) => count > 0 || word === 'met').map(([word, count]) => `${count} ${word}`);
  const seconds = (milliseconds / 1000).toFixed(1);
  return `${program}, requirements of ${requirements.date}: ${told.join(', ')} (${seconds} s).`;
}

/** The answer to the one question, whether the program is ready, as a badge and as a sentence. */
function conclude({ results, requirements, interrupted }: Certification): {
  kind: 'met' | 'not-met' | 'not-observed';
  short: string;
  sentence: string;
} {
  const count = (isMeant: (result: RequirementResult) => boolean): number => results.filter(isMeant).length;
  const failed = count((each) => needsWork(each) && each.verdict === 'not met' && each.requirement.level === 'must');
  if (failed > 0) {
    const those = failed === 1 ? '1 requirement of level must is' : `${failed} requirements of level must are`;
    return { kind: 'not-met', short: `${failed} not met`, sentence: `Not ready: ${those} not met.` };
  }
  if (count(({ expected }) => expected === 'stale') > 0) {
    const sentence = 'The file of --expected is out of date: a requirement in it is met.';
    return { kind: 'not-met', short: 'expectation out of date', sentence };
  }
  if (interrupted || count(({ verdict }) => verdict === 'harness error') > 0) {
    const why = interrupted ? 'the run was interrupted' : 'a scenario could not be run';
    return { kind: 'not-observed', short: 'incomplete', sentence: `Not known: ${why}.` };
  }
  const accepted = count(({ expected }) => expected === 'accepted');
  const open = count(({ verdict }) => verdict === 'not observed');
  const but = accepted === 0 ? '' : `, but for the ${accepted} that may fail by --expected`;
  const sentence = `Ready: each requirement of level must${open === 0 ? '' : ' that could be observed'} is met${but}.`;
  const met = count(({ verdict }) => verdict === 'met');
  return { kind: 'met', short: `${requirements.date}: ${met} met`, sentence };
}

/** What the service did, and what the program did then. */
function storyOf({ verdict, about, happened }: RequirementResult): string {
  return verdict === 'not observed' ? happened : `${about} ${happened}`;
}

function reasonFor({ expected, requirement }: RequirementResult): string {
  return expected === 'stale' ? 'The file of --expected says that it is not met.' : requirement.why;
}

function remedyOf({ expected, requirement }: RequirementResult): string {
  return expected === 'stale' ? 'Remove it from the file of --expected.' : requirement.change;
}

/** What a vendor says is a sentence; a section of an RFC is none. */
function sourcesOf({ requirement }: RequirementResult): string {
  return requirement.sources.map((each) => each.replace(/\.$/, '')).join('; ');
}

function journalOf({ lines }: RequirementResult): string[] {
  return lines.map(({ time, method, path, status, reason }) => {
    const answered = status === undefined ? 'no answer' : String(status);
    return visible(`${time.slice(11)} ${method} ${path} ${answered}${reason === undefined ? '' : ` ${reason}`}`);
  });
}

/** The table for people; what is not met first, each with what happened, why it matters and what to change. */
export function certificationText(report: Certification, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001B[${code}m${text}\u001B[0m` : text);
  const colors = { 'not-met': 31, 'harness-error': 35, 'not-observed': 33, met: 32 };
  const results = sorted(report.results);
  const width = Math.max(...results.map(({ requirement }) => requirement.id.length));
  const lines = results.map((result) => {
    const { requirement, verdict } = result;
    const word = paint(colors[classOf(verdict)], wordOf(result).padEnd(12));
    return `  ${word}  ${requirement.level.padEnd(6)}  ${requirement.id.padEnd(width)}  ${requirement.requires}`;
  });
  for (const result of results.filter(needsWork)) {
    const { requirement } = result;
    lines.push('', `${paint(31, wordOf(result).toUpperCase())}  ${requirement.id}: ${requirement.requires}`);
    lines.push(visible(`  ${storyOf(result)}`), ...journalOf(result).map((line) => `    ${line}`));
    lines.push(`  Why: ${reasonFor(result)}`);
    if (requirement.sources.length > 0) lines.push(visible(`  Source: ${sourcesOf(result)}`));
    lines.push(`  Change: ${remedyOf(result)}`);
  }
  const errors = results.filter(({ verdict }) => verdict === 'harness error');
  for (const { requirement, happened } of errors)
    lines.push('', visible(`HARNESS ERROR  ${requirement.id}: ${happened}`));
  const open = results.filter(({ verdict }) => verdict === 'not observed');
  if (open.length > 0) lines.push('', 'Not observed:');
  for (const [happened, ids] of Map.groupBy(open, (each) => each.happened)) {
    lines.push(visible(`  ${ids.map(({ requirement }) => requirement.id).join(', ')}: ${happened}`));
  }
  const { kind, sentence } = conclude(report);
  const told = printable([summarize(report)]) + paint(colors[kind], sentence);
  return inert(`${lines.join('\n')}\n\n${told}\n`);
}

/** What the program does not survive, one change a line, and how many it survives. */
export function describeProbe({ probed, untried }: { probed: readonly Probed[]; untried: number }): string {
  const failed = probed.filter(({ survives }) => !survives);
  const lines = failed.map(({ change, happened }) => `does not survive ${change} (${happened})`);
  const rest = untried > 0 ? ` ${untried} were not tried: --budget SECONDS gives more time.` : '';
  const survived = probed.length - failed.length;
  return printable([...lines, `Survives ${survived} of ${probed.length} changes that the document allows.${rest}`]);
}

function facts({ date, version, api, specification, requirements }: Certification): [string, string][] {
  return [
    ['API', api],
    ['Date', date.replace(/T(\d\d:\d\d).*/, ' $1 UTC')],
    ['arzamed-devkit', version],
    ['Specification', `SHA-256 ${specification}`],
    ['Requirements', `${requirements.date}, SHA-256 ${requirements.sha256}`],
  ];
}

export function certificationMarkdown(report: Certification): string {
  const results = sorted(report.results);
  const rows = results.map((result) => {
    const word = needsWork(result) ? `**${wordOf(result)}**` : wordOf(result);
    const { requirement } = result;
    return [word, requirement.level, cell(requirement.id), cell(requirement.requires), cell(storyOf(result))];
  });
  const lines = [`# Certification of ${cell(report.program)}`, ''];
  lines.push(`**${cell(conclude(report).sentence)}**`, '', cell(summarize(report)), '');
  lines.push(...facts(report).map(([name, value]) => `- ${name}: ${cell(value)}`), '');
  lines.push(...table(['verdict', 'level', 'id', 'requirement', 'what was seen'], rows), '');
  for (const result of results.filter(needsWork)) {
    const { requirement } = result;
    lines.push(`## ${cell(requirement.id)}`, '', cell(storyOf(result)), '');
    lines.push(...journalOf(result).map((line) => `- ${cell(line)}`), '');
    lines.push(
      cell(`Why: ${reasonFor(result)} ${sourcesOf(result)}`.trimEnd()),
      '',
      `**Change: ${cell(remedyOf(result))}**`,
      '',
    );
  }
  lines.push('## Questions to a person', '', ...report.questions.map((each) => `- ${cell(each)}`));
  return `${lines.join('\n')}\n`;
}

function html(report: Certification): string {
  const results = sorted(report.results);
  const terms = facts(report).map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`);
  const rows = results.map((result) => {
    const { requirement, verdict } = result;
    return (
      `<tr><td class="${classOf(verdict)}">${escapeHtml(wordOf(result))}</td><td>${requirement.level}</td>` +
      `<th scope="row">${escapeHtml(requirement.requires)}<br><small>${escapeHtml(requirement.id)}</small></th>` +
      `<td>${escapeHtml(storyOf(result))}${linesOf(result)}</td></tr>`
    );
  });
  const head = '<thead><tr><th>verdict</th><th>level</th><th>requirement</th><th>what was seen</th></tr></thead>';
  const { kind, sentence } = conclude(report);
  const asked = report.questions.map((each) => `<li>${escapeHtml(each)}</li>`).join('');
  return page({
    title: `Certification of ${report.program}`,
    style,
    content: [
      `<p class="sum ${kind}">${escapeHtml(sentence)}</p>`,
      `<p>${escapeHtml(summarize(report))}</p>`,
      `<dl>${terms.join('')}</dl>`,
      section('To be changed', results.filter(needsWork).map(wanting).join('')),
      section('Requirements', `<table>${head}<tbody>${rows.join('')}</tbody></table>`),
      section('Questions to a person', `<ul>${asked}</ul>`),
    ],
  });
}

function classOf(verdict: RequirementResult['verdict']): 'met' | 'not-met' | 'not-observed' | 'harness-error' {
  if (verdict === 'met') return verdict;
  if (verdict === 'not met') return 'not-met';
  return verdict === 'harness error' ? 'harness-error' : 'not-observed';
}

function linesOf(result: RequirementResult): string {
  const lines = journalOf(result);
  if (lines.length === 0) return '';
  return `<details><summary>journal</summary><pre>${lines.map(escapeHtml).join('\n')}</pre></details>`;
}

function wanting(result: RequirementResult): string {
  const { requirement } = result;
  return article(
    classOf(result.verdict),
    `${escapeHtml(requirement.requires)} <small>${escapeHtml(requirement.id)}, ${requirement.level}</small>`,
    escapeHtml(storyOf(result)),
    escapeHtml(`Why: ${reasonFor(result)}`),
    `<strong>${escapeHtml(`Change: ${remedyOf(result)}`)}</strong>`,
    ...[sourcesOf(result)].filter(Boolean).map((each) => `<small>${escapeHtml(each)}</small>`),
  );
}

const style = `
:root { --good: #1a7f37; --bad: #d1242f; --open: #9a6700; --ours: #8250df; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; --open: #d29922; --ours: #bc8cff; } }
main { max-width: 70rem; }
:is(td, .sum).met { color: var(--good); } :is(td, .sum).not-met { color: var(--bad); }
:is(td, .sum).not-observed { color: var(--open); } td.harness-error { color: var(--ours); }
.sum { margin: 1rem 0 .5rem; font-size: 1.3rem; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; font-size: .85rem; } dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
article.not-met { border-color: var(--bad); } article.met { border-color: var(--open); }
table { border-collapse: collapse; } td, th { padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { width: 40%; font-weight: normal; } td:first-child { white-space: nowrap; } td.not-met { font-weight: 600; }
summary { color: var(--faint); font-size: .85rem; cursor: pointer; } pre { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
@media (max-width: 45rem) {
  thead { display: none; } tbody tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody th { display: block; width: auto; } td:first-child, td:nth-child(2) { display: inline-block; } td:last-child { display: block; }
  td, tbody th { padding: .1rem .6rem .1rem 0; border: 0; }
}
`;

function testCase(result: RequirementResult): TestCase {
  const { requirement, verdict, happened, about } = result;
  const head = { className: `certify.${requirement.level}`, name: requirement.id, milliseconds: 0 };
  if (verdict === 'met' && result.expected !== 'stale') return head;
  const kind = needsWork(result) ? 'failure' : verdict === 'harness error' ? 'error' : 'skipped';
  const details = [about, ...journalOf(result), reasonFor(result), remedyOf(result)].join('\n');
  return { ...head, trouble: { kind, message: `${wordOf(result)}: ${happened}`, details } };
}

/** @param where the file of the program. */
export function requirementAnnotations({ results }: Certification, where?: string): Annotation[] {
  return sorted(results).flatMap((result) => {
    const { verdict, requirement, happened } = result;
    const head = { rule: requirement.id, where };
    if (verdict === 'harness error') return [{ ...head, level: 'warning', message: `${wordOf(result)}: ${happened}` }];
    const level = requirement.level === 'must' || result.expected === 'stale' ? 'error' : 'warning';
    return needsWork(result) ? [{ ...head, level, message: `${storyOf(result)} ${remedyOf(result)}` }] : [];
  });
}

/** The changes that the program does not survive. */
export function probeAnnotations(probed: readonly Probed[], where: string | undefined): Annotation[] {
  return probed.flatMap(({ survives, change, happened }) =>
    survives
      ? []
      : [{ level: 'error', rule: 'probe', message: `The program does not survive ${change} (${happened}).`, where }],
  );
}

/** A badge of two fields. */
function badge(report: Certification): string {
  const { kind, short: right } = conclude(report);
  const color = { met: '#1a7f37', 'not-met': '#d1242f', 'not-observed': '#6a737d' }[kind];
  const left = 'arzamed certify';
  const [a, b] = [left, right].map((text) => Math.round(text.length * 6.6) + 12);
  const [first = 0, second = 0] = [a, b];
  const text = (value: string, x: number): string =>
    `<text x="${x}" y="14" text-anchor="middle" fill="#fff" font-family="Verdana,sans-serif" font-size="11">${escapeHtml(value)}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${first + second}" height="20" role="img" aria-label="${escapeHtml(`${left}: ${right}`)}">` +
    `<rect width="${first}" height="20" fill="#444"/><rect x="${first}" width="${second}" height="20" fill="${color}"/>` +
    `${text(left, first / 2)}${text(right, first + second / 2)}</svg>\n`
  );
}

export const certificationJson = (report: Certification): string => printableJson(report);

/** By the ending of a file's name; `.xml` is JUnit's, `.svg` a badge. */
export const certifyFormats: Readonly<Record<string, (report: Certification, where?: string) => string>> = {
  '.json': certificationJson,
  '.xml': ({ results, milliseconds, date }) =>
    junit({ name: 'arzamed certify', milliseconds, date, cases: results.map(testCase) }),
  '.md': certificationMarkdown,
  ...annotationFormats('arzamed certify', requirementAnnotations, ({ results }) =>
    results.map(({ requirement: { id, requires, why, change } }) => ({
      id,
      shortDescription: { text: requires },
      help: { text: `${why} ${change}` },
    })),
  ),
  '.html': html,
  '.svg': badge,
};
