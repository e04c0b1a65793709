import type { Finding } from '../mock/findings/findings.ts';
import type { Told } from '../mock/state/journal.ts';
import type { Annotation } from '../report/github.ts';
import { article, cell, escapeHtml, page, section, table } from '../report/page.ts';
import { annotationFormats } from '../report/sarif.ts';
import { counted } from '../util/terminal.ts';

/** A program's requests to the mock, without secrets and tokens. */
export interface Summary {
  /** Name of the program, without its arguments, which may contain a secret. */
  command: string;
  exitCode: number;
  milliseconds: number;
  hosts: readonly string[];
  requests: number;
  operations: readonly OperationSummary[];
  /** Hosts that were not intercepted. */
  refused: RefusedHost[];
  findings: readonly Finding[];
}

export interface RefusedHost {
  host: string;
  times: number;
  /** The first that asked for it, where that is known. */
  program?: string;
}

type Times = Record<string, number>;

interface OperationSummary {
  /** The operation id, or the method and the path. */
  operation: string;
  requests: number;
  /** Status to number of responses; `none` if the connection closed first. */
  statuses: Times;
  /** What the faults that struck do, in words, to number of requests. */
  faults: Times;
  violations: string[];
}

/** Token requests that were refused for one reason. */
interface TokenRefusal {
  clinic: string | undefined;
  reason: string;
  times: number;
}

/** Operations with a line of their own: unknown paths may be many. */
const mostOperations = 10_000;

/** What the mock answers a program, summed up answer by answer: the journal may drop or be cleared of what it has. */
export class Traffic {
  requests = 0;
  readonly #operations = new Map<string, OperationSummary>();
  readonly #refusals = new Map<string, TokenRefusal>();

  /** @param issuesTokens whether it answers a token request. */
  add({ operationId, method, path, status, violations, ...told }: Told, issuesTokens: boolean): void {
    this.requests += 1;
    const wanted = operationId ?? `${method} ${path}`;
    const isKept = this.#operations.size < mostOperations || this.#operations.has(wanted);
    const operation = isKept ? wanted : 'others';
    const known = this.#operations.get(operation) ?? {
      operation,
      requests: 0,
      statuses: {},
      faults: {},
      violations: [],
    };
    this.#operations.set(operation, known);
    known.requests += 1;
    count(known.statuses, String(status ?? 'none'));
    if (told.fault !== undefined) count(known.faults, told.effect ?? 'as its Prefer header asked');
    if (violations) known.violations = [...new Set([...known.violations, ...violations])];
    const isRefusal = issuesTokens && told.fault === undefined && (status === 400 || status === 401);
    if (isRefusal) this.#refuse(told.clinic, told.reason ?? String(status));
  }

  get operations(): OperationSummary[] {
    return [...this.#operations.values()];
  }

  get tokenRefusals(): TokenRefusal[] {
    return [...this.#refusals.values()];
  }

  #refuse(clinic: string | undefined, reason: string): void {
    const key = JSON.stringify([clinic, reason]);
    const known = this.#refusals.get(key) ?? { clinic, reason, times: 0 };
    this.#refusals.set(key, { ...known, times: known.times + 1 });
  }
}

function count(times: Times, name: string): void {
  times[name] = (times[name] ?? 0) + 1;
}

/** The findings of all worlds as one list. A finding keeps the journal entries of the first that has it. */
export function joinFindings(all: readonly Finding[]): Finding[] {
  const findings = new Map<string, Finding>();
  for (const each of all) {
    const key = JSON.stringify([each.id, each.severity, each.clientId, each.operationId]);
    const known = findings.get(key);
    findings.set(key, known ? { ...known, times: known.times + each.times } : each);
  }
  return [...findings.values()];
}

export function runMarkdown(summary: Summary): string {
  const { operations, refused, findings } = summary;
  const lines = [`# ${cell(summary.command)} against the mock`, '', describeRun(summary), ''];
  if (operations.length > 0) {
    const rows = operations.map(({ operation, requests, statuses, faults }) => [
      cell(operation),
      String(requests),
      describeTimes(statuses),
      describeTimes(faults),
    ]);
    lines.push(...table(['operation', 'requests', 'answered with', 'faults'], rows, ['requests']), '');
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
  const rows = operations.map(({ operation, requests, statuses, faults, violations }) => {
    const bars = Object.entries(statuses).map(([status, times]) => {
      const width = Math.max(1.5, (times / most) * 100).toFixed(1);
      return `<span class="bar s${status[0]}" style="width:${width}%">${status} <small>${times}×</small></span>`;
    });
    const struck = Object.entries(faults).map(
      ([fault, times]) => `<p class="fault">Fault: ${escapeHtml(fault)} <small>${times}×</small></p>`,
    );
    const wrong = violations.map((each) => `<p class="violation">${escapeHtml(each)}</p>`).join('');
    return `<tr><th scope="row">${escapeHtml(operation)}${wrong}</th><td class="number">${requests}</td><td>${bars.join('')}${struck.join('')}</td></tr>`;
  });
  const head = '<thead><tr><th>operation</th><th>requests</th><th>answered with</th></tr></thead>';
  return `<table>${head}<tbody>${rows.join('')}</tbody></table>`;
}

/** `file` or `file:line` of a finding. */
export type LocateFinding = (finding: Finding) => string | undefined;

export function findingAnnotations({ findings }: Summary, locate: LocateFinding): Annotation[] {
  const levels = { error: 'error', warn: 'warning', info: 'notice' } as const;
  return findings.map((finding) => {
    const { severity, id, message, remedy } = finding;
    return { level: levels[severity], rule: id, message: `${message} ${remedy}`, where: locate(finding) };
  });
}

/** File extension to format. */
export const runReportFormats: Readonly<Record<string, (summary: Summary, locate: LocateFinding) => string>> = {
  '.json': (summary) => `${JSON.stringify(summary, undefined, 2)}\n`,
  '.md': runMarkdown,
  ...annotationFormats('arzamed exec', findingAnnotations),
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
.fault { margin: .2rem 0 0; color: #57606a; font-size: .9rem; }
.violation { margin: .2rem 0 0; color: #bf3989; font-weight: normal; font-size: .9rem; }
`;

function describeRun({ exitCode, milliseconds, requests, hosts }: Summary): string {
  const seconds = (milliseconds / 1000).toFixed(1);
  const redirected = hosts.length > 0 ? ` Redirected to it: ${hosts.join(', ')}.` : '';
  return `Ended with ${exitCode} after ${seconds} s. ${counted(requests, 'request')} reached the mock.${redirected}`;
}

/** `200 (3), 401 (1)`, for a cell of Markdown. */
function describeTimes(all: Times): string {
  return Object.entries(all)
    .map(([name, times]) => `${name === 'none' ? 'no answer' : cell(name)} (${times})`)
    .join(', ');
}
