import { page, section, text } from '../../report/page.ts';
import type { Finding } from '../../mock/findings/finding.ts';
import { style } from './style.ts';
import type { OperationSummary, Summary } from '../../intercept/report.ts';
import { describeRun } from './words.ts';

/** A page by itself: no script, nothing that is loaded from elsewhere. */
export function html(summary: Summary): string {
  const { command, operations, findings, refused } = summary;
  const hosts = refused.map(({ host, times }) => `<li>${text(host)} <small>${times}×</small></li>`).join('');
  return page({
    title: `${command} against the mock`,
    style,
    content: [
      `<p>${text(describeRun(summary))}</p>`,
      section('Findings', findings.length === 0 ? '<p class="good">None.</p>' : findings.map(findingOf).join('')),
      section('Requests', operations.length === 0 ? '<p>None came.</p>' : tableOf(operations)),
      section('Hosts that were refused', hosts === '' ? '' : `<ul>${hosts}</ul>`),
    ],
  });
}

function findingOf({ severity, id, message, remedy, source, clientId, times, entries }: Finding): string {
  const whose = clientId === undefined ? '' : `${text(clientId)}: `;
  return [
    `<article class="${severity}"><h3><span class="severity">${severity}</span> ${text(id)} <small>${times}×</small></h3>`,
    `<p>${whose}${text(message)}</p><p><strong>${text(remedy)}</strong></p>`,
    `<p><small>${text(source)}. Journal: ${entries.join(', ')}</small></p></article>`,
  ].join('');
}

function tableOf(operations: readonly OperationSummary[]): string {
  const most = Math.max(...operations.map(({ requests }) => requests));
  const rows = operations.map(({ operation, requests, statuses, violations }) => {
    const bars = Object.entries(statuses).map(([status, times]) => {
      const width = Math.max(1.5, (times / most) * 100).toFixed(1);
      return `<span class="bar s${status[0]}" style="width:${width}%">${status} <small>${times}×</small></span>`;
    });
    const wrong = violations.map((each) => `<p class="violation">${text(each)}</p>`).join('');
    return `<tr><th scope="row">${text(operation)}${wrong}</th><td class="number">${requests}</td><td>${bars.join('')}</td></tr>`;
  });
  const head = '<thead><tr><th>operation</th><th>requests</th><th>answered with</th></tr></thead>';
  return `<table>${head}<tbody>${rows.join('')}</tbody></table>`;
}
