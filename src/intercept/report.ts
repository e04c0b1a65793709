import type { Finding } from '../mock/findings/findings.ts';
import type { JournalEntry } from '../mock/state/journal.ts';
import type { Ended } from '../mock/state/sandbox.ts';
import { article, cell, escapeHtml, page, section, table } from '../report/page.ts';
import { counted } from '../util/terminal.ts';

/** A program's requests to the mock, without secrets and tokens. */
export interface Summary {
  /** Name of the program, without its arguments, which may contain a secret. */
  command: string;
  exitCode: number;
  milliseconds: number;
  hosts: readonly string[];
  requests: number;
  /** Requests that the journal no longer held at the end: `operations` does not count them. */
  dropped: number;
  operations: OperationSummary[];
  /** Hosts that were not intercepted. */
  refused: { host: string; times: number }[];
  findings: readonly Finding[];
}

interface OperationSummary {
  /** The operation id, or the method and the path. */
  operation: string;
  requests: number;
  /** Status to number of responses; `none` if the connection closed first. */
  statuses: Record<string, number>;
  violations: string[];
}

/** What the mock has seen of a program. */
export type Traffic = Pick<Summary, 'requests' | 'dropped' | 'operations' | 'findings'>;

/** The traffic of a world of the mock, whose findings are then final. */
export function trafficOf({ journal, findings }: Ended): Traffic {
  const entries = journal.find();
  const { dropped } = journal;
  const requests = entries.length + dropped;
  return { requests, dropped, operations: summarizeOperations(entries), findings: findings.conclude() };
}

/** The traffic of all worlds as one. A finding keeps the journal entries of the first that has it. */
export function joinTraffic(all: readonly Traffic[]): Traffic {
  const findings = new Map<string, Finding>();
  for (const each of all.flatMap((world) => world.findings)) {
    const key = JSON.stringify([each.id, each.severity, each.clientId, each.operationId]);
    const known = findings.get(key);
    findings.set(key, known ? { ...known, times: known.times + each.times } : each);
  }
  const sum = (name: 'requests' | 'dropped'): number => all.reduce((total, each) => total + each[name], 0);
  return {
    requests: sum('requests'),
    dropped: sum('dropped'),
    operations: joinOperations(all.flatMap(({ operations }) => operations)),
    findings: [...findings.values()],
  };
}

/** Operations with a line of their own: unknown paths may be many. */
const mostOperations = 10_000;

function summarizeOperations(entries: readonly JournalEntry[]): OperationSummary[] {
  const single = entries.map(({ operationId, method, path, status, violations = [] }) => ({
    operation: operationId ?? `${method} ${path}`,
    requests: 1,
    statuses: { [String(status ?? 'none')]: 1 },
    violations,
  }));
  return joinOperations(single);
}

/** Sums up operations of the same name. */
function joinOperations(all: readonly OperationSummary[]): OperationSummary[] {
  const operations = new Map<string, OperationSummary>();
  for (const each of all) {
    const isKept = operations.size < mostOperations || operations.has(each.operation);
    const operation = isKept ? each.operation : 'others';
    const known = operations.get(operation) ?? { operation, requests: 0, statuses: {}, violations: [] };
    known.requests += each.requests;
    for (const [status, times] of Object.entries(each.statuses)) {
      known.statuses[status] = (known.statuses[status] ?? 0) + times;
    }
    known.violations = [...new Set([...known.violations, ...each.violations])];
    operations.set(operation, known);
  }
  return [...operations.values()];
}

function markdown(summary: Summary): string {
  const { operations, refused, findings } = summary;
  const lines = [`# ${cell(summary.command)} against the mock`, '', describeRun(summary), ''];
  if (operations.length > 0) {
    const rows = operations.map((each) => [cell(each.operation), String(each.requests), describeStatuses(each)]);
    lines.push(...table(['operation', 'requests', 'answered with'], rows, ['requests']), '');
  }
  const violations = operations.flatMap(({ operation, violations: all }) => all.map((each) => `${operation}: ${each}`));
  if (violations.length > 0) lines.push('## Violations', '', ...violations.map((each) => `- ${cell(each)}`), '');
  const rows = findings.map((each) => [
    each.severity,
    `${each.id} (${each.times})`,
    cell(each.message),
    cell(each.remedy),
  ]);
  const found = rows.length === 0 ? ['None.'] : table(['severity', 'finding', 'what was seen', 'what to do'], rows);
  lines.push('## Findings', '', ...found, '');
  if (refused.length > 0) {
    lines.push('## Refused hosts', '', ...refused.map(({ host, times }) => `- ${cell(host)} (${times})`), '');
  }
  return lines.join('\n');
}

function html(summary: Summary): string {
  const { command, operations, findings, refused } = summary;
  const hosts = refused.map(({ host, times }) => `<li>${escapeHtml(host)} <small>${times}×</small></li>`).join('');
  return page({
    title: `${command} against the mock`,
    style,
    content: [
      `<p>${escapeHtml(describeRun(summary))}</p>`,
      section('Findings', findings.length === 0 ? '<p class="good">None.</p>' : findings.map(findingOf).join('')),
      section('Requests', operations.length === 0 ? '<p>None.</p>' : tableOf(operations)),
      section('Refused hosts', hosts === '' ? '' : `<ul>${hosts}</ul>`),
    ],
  });
}

function findingOf({ severity, id, message, remedy, source, clientId, times, entries }: Finding): string {
  const whose = clientId === undefined ? '' : `${escapeHtml(clientId)}: `;
  return article(
    severity,
    `<span class="severity">${severity}</span> ${escapeHtml(id)} <small>${times}×</small>`,
    `${whose}${escapeHtml(message)}`,
    `<strong>${escapeHtml(remedy)}</strong>`,
    `<small>${escapeHtml(source)}. Journal: ${entries.join(', ')}</small>`,
  );
}

function tableOf(operations: readonly OperationSummary[]): string {
  const most = Math.max(...operations.map(({ requests }) => requests));
  const rows = operations.map(({ operation, requests, statuses, violations }) => {
    const bars = Object.entries(statuses).map(([status, times]) => {
      const width = Math.max(1.5, (times / most) * 100).toFixed(1);
      return `<span class="bar s${status[0]}" style="width:${width}%">${status} <small>${times}×</small></span>`;
    });
    const wrong = violations.map((each) => `<p class="violation">${escapeHtml(each)}</p>`).join('');
    return `<tr><th scope="row">${escapeHtml(operation)}${wrong}</th><td class="number">${requests}</td><td>${bars.join('')}</td></tr>`;
  });
  const head = '<thead><tr><th>operation</th><th>requests</th><th>answered with</th></tr></thead>';
  return `<table>${head}<tbody>${rows.join('')}</tbody></table>`;
}

/** File extension to format. */
export const runReportFormats: Readonly<Record<string, (summary: Summary) => string>> = {
  '.json': (summary) => `${JSON.stringify(summary, undefined, 2)}\n`,
  '.md': markdown,
  '.html': html,
};

const style = `
main { max-width: 60rem; }
article.error { border-color: #d1242f; } article.warn { border-color: #bf8700; } article.info { border-color: #0969da; }
.severity { text-transform: uppercase; font-size: .8rem; letter-spacing: .05em; }
.good { color: #1a7f37; }
table { border-collapse: collapse; }
th, td { padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td:last-child { width: 50%; } .number { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: block; box-sizing: border-box; min-width: max-content; margin-bottom: .2rem; padding: .1rem .5rem; border-radius: 3px; background: var(--line); color: #111; }
.bar small { color: #333; } .s2 { background: #9be3ae; } .s3 { background: #a8d1ff; } .s4 { background: #f5d67b; } .s5 { background: #ffb3ad; }
.violation { margin: .2rem 0 0; color: #bf3989; font-weight: normal; font-size: .9rem; }
`;

function describeRun({ exitCode, milliseconds, requests, dropped, hosts }: Summary): string {
  const lost = dropped === 0 ? '' : ` The journal has dropped the ${dropped} oldest.`;
  const seconds = (milliseconds / 1000).toFixed(1);
  return `Ended with ${exitCode} after ${seconds} s. ${counted(requests, 'request')} to ${hosts.join(', ')}.${lost}`;
}

/** `200 (3), 401 (1)` */
function describeStatuses({ statuses }: OperationSummary): string {
  return Object.entries(statuses)
    .map(([status, times]) => (status === 'none' ? `no answer (${times})` : `${status} (${times})`))
    .join(', ');
}
