import type { Finding } from '../../mock/findings/finding.ts';
import { style } from './style.ts';
import type { OperationSummary, Summary } from './summary.ts';
import { describeRun } from './words.ts';

/** A page by itself: no script, nothing that is loaded from elsewhere. */
export function html(summary: Summary): string {
  const { command, operations, findings, refused } = summary;
  const title = `${text(command)} against the mock`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${style}</style></head><body><main>`,
    `<h1>${title}</h1><p>${text(describeRun(summary))}</p>`,
    section('Findings', findings.length === 0 ? '<p class="good">None.</p>' : findings.map(findingOf).join('')),
    section('Requests', operations.length === 0 ? '<p>None came.</p>' : tableOf(operations)),
    refused.length === 0
      ? ''
      : section(
          'Hosts that were refused',
          `<ul>${refused.map(({ host, times }) => `<li>${text(host)} <small>${times}×</small></li>`).join('')}</ul>`,
        ),
    '</main></body></html>',
    '',
  ].join('\n');
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
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

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML shows it, whatever is in it. */
function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
