import { junit, type TestCase } from '../report/junit.ts';
import { article, cell, escapeHtml, page, section, table } from '../report/page.ts';
import { printable, printableJson, visible } from '../util/terminal.ts';
import type { Certification, Result } from './certify.ts';
import type { Probed } from './probe.ts';

/** Results with what needs attention first. */
function sorted(results: readonly Result[]): Result[] {
  const weight = (result: Result): number => {
    const { verdict, requirement, expected } = result;
    if (verdict === 'not met') return expected === 'accepted' ? 3 : requirement.level === 'must' ? 0 : 2;
    return { met: expected === 'stale' ? 1 : 6, 'not observed': 5, 'harness error': 4 }[verdict];
  };
  return results.toSorted((a, b) => weight(a) - weight(b));
}

/** The verdict in the words of the reports. */
function wordOf({ verdict, expected }: Result): string {
  if (expected === 'accepted') return 'not met (expected)';
  return expected === 'stale' ? 'met (listed as not met)' : verdict;
}

function needsWork({ verdict, expected }: Result): boolean {
  return (verdict === 'not met' && expected !== 'accepted') || expected === 'stale';
}

/** `31 met, 2 not met, 8 not observed` */
export function summarize({ results }: Pick<Certification, 'results'>): string {
  const words = ['met', 'not met', 'not observed', 'harness error'] as const;
  const counts = words.map((word) => [word, results.filter(({ verdict }) => verdict === word).length] as const);
  return counts
    .filter(([word, count]) => count > 0 || word === 'met')
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

function remedyOf({ expected, requirement }: Result): string {
  return expected === 'stale' ? 'Remove it from the file of --expected.' : requirement.change;
}

/** What a vendor says is a sentence; a section of an RFC is none. */
function sourcesOf({ requirement }: Result): string {
  return requirement.sources.map((each) => each.replace(/\.$/, '')).join('; ');
}

function journalOf({ lines }: Result): string[] {
  return lines.map(({ time, method, path, status, reason }) => {
    const answered = status === undefined ? 'no answer' : String(status);
    return visible(`${time.slice(11)} ${method} ${path} ${answered}${reason === undefined ? '' : ` ${reason}`}`);
  });
}

/** The table for people; what is not met first, each with what happened, why it matters and what to change. */
export function certificationText(report: Certification, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001B[${code}m${text}\u001B[0m` : text);
  const colors = { 'not met': 31, 'harness error': 35, 'not observed': 33, met: 32 };
  const results = sorted(report.results);
  const width = Math.max(...results.map(({ requirement }) => requirement.id.length));
  const lines = results.map((result) => {
    const { requirement, verdict } = result;
    const word = paint(colors[verdict], wordOf(result).padEnd(12));
    return `  ${word}  ${requirement.level.padEnd(6)}  ${requirement.id.padEnd(width)}  ${requirement.requires}`;
  });
  for (const result of results.filter(needsWork)) {
    const { requirement, happened, about } = result;
    lines.push('', `${paint(31, wordOf(result).toUpperCase())}  ${requirement.id}: ${requirement.requires}`);
    lines.push(visible(`  ${about} ${happened}`), ...journalOf(result).map((line) => `    ${line}`));
    lines.push(`  Why: ${requirement.why}`);
    if (requirement.sources.length > 0) lines.push(visible(`  Source: ${sourcesOf(result)}`));
    lines.push(`  Change: ${remedyOf(result)}`);
  }
  const errors = results.filter(({ verdict }) => verdict === 'harness error');
  for (const { requirement, happened } of errors)
    lines.push('', visible(`HARNESS ERROR  ${requirement.id}: ${happened}`));
  const open = results.filter(({ verdict }) => verdict === 'not observed');
  if (open.length > 0) lines.push('', 'Not observed:');
  for (const [happened, ids] of Map.groupBy(open, (each) => each.happened)) {
    lines.push(`  ${ids.map(({ requirement }) => requirement.id).join(', ')}: ${happened}`);
  }
  return `${lines.join('\n')}\n\n${describeRun(report)}\n`;
}

/** What the program does not survive, one change a line, and how many it survives. */
export function describeProbe({ probed, untried }: { probed: readonly Probed[]; untried: number }): string {
  const failed = probed.filter(({ survives }) => !survives);
  const lines = failed.map(({ change, happened }) => `does not survive ${change} (${happened})`);
  const rest = untried > 0 ? ` ${untried} were not tried: --budget SECONDS gives more time.` : '';
  const survived = probed.length - failed.length;
  return printable([...lines, `Survives ${survived} of ${probed.length} changes that the document allows.${rest}`]);
}

function describeRun(report: Certification): string {
  const { program, requirements, milliseconds, interrupted } = report;
  const cut = interrupted ? ' Interrupted: the rest was not run.' : '';
  return `${program}, requirements of ${requirements.date}: ${summarize(report)} (${(milliseconds / 1000).toFixed(1)} s).${cut}`;
}

function facts({ date, version, api, specification, requirements }: Certification): [string, string][] {
  return [
    ['API', api],
    ['Date', date],
    ['arzamed-devkit', version],
    ['Specification', `SHA-256 ${specification}`],
    ['Requirements', `${requirements.date}, SHA-256 ${requirements.sha256}`],
  ];
}

function markdown(report: Certification): string {
  const results = sorted(report.results);
  const rows = results.map((result) => {
    const word = needsWork(result) ? `**${wordOf(result)}**` : wordOf(result);
    const { requirement, happened } = result;
    return [word, requirement.level, cell(requirement.id), cell(requirement.requires), cell(happened)];
  });
  const lines = [`# Certification of ${cell(report.program)}`, '', cell(describeRun(report)), ''];
  lines.push(...facts(report).map(([name, value]) => `- ${name}: ${cell(value)}`), '');
  lines.push(...table(['verdict', 'level', 'id', 'requirement', 'what was seen'], rows), '');
  for (const result of results.filter(needsWork)) {
    const { requirement, about, happened } = result;
    lines.push(`## ${cell(requirement.id)}`, '', cell(`${about} ${happened}`), '');
    lines.push(...journalOf(result).map((line) => `- ${cell(line)}`), '');
    lines.push(cell(`${requirement.why} ${sourcesOf(result)}`), '', `**${cell(remedyOf(result))}**`, '');
  }
  lines.push('## Questions to a person', '', ...report.questions.map((each) => `- ${cell(each)}`));
  return `${lines.join('\n')}\n`;
}

function html(report: Certification): string {
  const results = sorted(report.results);
  const terms = facts(report).map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`);
  const rows = results.map((result) => {
    const { requirement, happened, verdict } = result;
    return (
      `<tr><td class="${classOf(verdict)}">${escapeHtml(wordOf(result))}</td><td>${requirement.level}</td>` +
      `<th scope="row">${escapeHtml(requirement.requires)}<br><small>${escapeHtml(requirement.id)}</small></th>` +
      `<td>${escapeHtml(happened)}${linesOf(result)}</td></tr>`
    );
  });
  const head = '<thead><tr><th>verdict</th><th>level</th><th>requirement</th><th>what was seen</th></tr></thead>';
  const asked = report.questions.map((each) => `<li>${escapeHtml(each)}</li>`).join('');
  return page({
    title: `Certification of ${report.program}`,
    style,
    content: [
      `<p class="sum">${escapeHtml(describeRun(report))}</p>`,
      `<dl>${terms.join('')}</dl>`,
      section('To be changed', results.filter(needsWork).map(wanting).join('')),
      section('Requirements', `<div class="wide"><table>${head}<tbody>${rows.join('')}</tbody></table></div>`),
      section('Questions to a person', `<ul>${asked}</ul>`),
    ],
  });
}

function classOf(verdict: Result['verdict']): string {
  return verdict.replace(' ', '-');
}

function linesOf(result: Result): string {
  const lines = journalOf(result);
  if (lines.length === 0) return '';
  return `<details><summary>journal</summary><pre>${lines.map(escapeHtml).join('\n')}</pre></details>`;
}

function wanting(result: Result): string {
  const { requirement, about, happened } = result;
  return article(
    classOf(result.verdict),
    `${escapeHtml(requirement.requires)} <small>${escapeHtml(requirement.id)}, ${requirement.level}</small>`,
    escapeHtml(`${about} ${happened}`),
    escapeHtml(requirement.why),
    `<strong>${escapeHtml(remedyOf(result))}</strong>`,
    `<small>${escapeHtml(sourcesOf(result))}</small>`,
  );
}

const style = `
main { max-width: 70rem; }
.sum { font-size: 1.2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
article.not-met { border-color: #d1242f; } article.met { border-color: #bf8700; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; } tbody th { font-weight: normal; }
td.met { color: #1a7f37; } td.not-met { color: #d1242f; font-weight: 600; } td.not-observed { color: #9a6700; } td.harness-error { color: #8250df; }
pre { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
`;

function testCase(result: Result): TestCase {
  const { requirement, verdict, happened, about } = result;
  const head = { className: `certify.${requirement.level}`, name: requirement.id, milliseconds: 0 };
  if (verdict === 'met' && result.expected !== 'stale') return head;
  const kind = needsWork(result) ? 'failure' : verdict === 'harness error' ? 'error' : 'skipped';
  const details = [about, ...journalOf(result), requirement.why, remedyOf(result)].join('\n');
  return { ...head, trouble: { kind, message: `${wordOf(result)}: ${happened}`, details } };
}

/** Static Analysis Results Interchange Format 2.1.0, which code hosts show. */
function sarif(report: Certification): string {
  const rules = report.results.map(({ requirement }) => ({
    id: requirement.id,
    shortDescription: { text: requirement.requires },
    help: { text: `${requirement.why} ${requirement.change}` },
  }));
  const results = report.results.filter(needsWork).map((result) => ({
    ruleId: result.requirement.id,
    level: result.requirement.level === 'must' ? 'error' : 'warning',
    message: { text: `${result.about} ${result.happened} ${remedyOf(result)}` },
  }));
  const driver = { name: 'arzamed certify', version: report.version, rules };
  const runs = [{ tool: { driver }, results }];
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs }, undefined, 2)}\n`;
}

/** A badge of two fields. */
function badge(report: Certification): string {
  const failed = report.results.filter((result) => needsWork(result) && result.requirement.level === 'must').length;
  const right = failed === 0 ? `${report.requirements.date} met` : `${failed} not met`;
  const color = failed === 0 ? '#1a7f37' : '#d1242f';
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
export const certifyFormats: Readonly<Record<string, (report: Certification) => string>> = {
  '.json': certificationJson,
  '.xml': ({ results, milliseconds, date }) =>
    junit({ name: 'arzamed certify', milliseconds, date, cases: results.map(testCase) }),
  '.md': markdown,
  '.sarif': sarif,
  '.html': html,
  '.svg': badge,
};
