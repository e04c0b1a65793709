import type { Verdict } from '../verdict.ts';
import { countResults, matrixOf, netsOf, type Report, type Row } from './matrix.ts';
import { style } from './style.ts';
import { describeReport, placeOf } from './words.ts';

/** A page by itself: no script, nothing that is loaded from elsewhere. */
export function html(report: Report): string {
  const { verdicts } = report;
  const counts = Object.entries(countResults(verdicts)).filter(([, count]) => count > 0);
  const bar = counts.map(
    ([result, count]) =>
      `<span class="${slug(result)}" style="flex:${count}" title="${result}: ${count}">${count} ${result}</span>`,
  );
  const failing = verdicts.filter(({ result }) => result !== 'holds');
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Contracts</title><style>${style}</style></head><body><main>`,
    `<h1>Contracts</h1><p>${text(describeReport(report))}</p><p class="counts">${bar.join('')}</p>`,
    failing.length === 0 ? '' : `<section><h2>What does not hold</h2>${failing.map(articleOf).join('')}</section>`,
    `<section><h2>Who says what</h2>${tableOf(report)}</section>`,
    '</main></body></html>',
    '',
  ].join('\n');
}

function articleOf(verdict: Verdict): string {
  const { net, rule, result, sentence } = verdict;
  return [
    `<article class="${slug(result)}"><h3>${result} <small>${net}: ${text(rule)}</small></h3>`,
    `<p>${text(sentence)}</p><p><small>${text(placeOf(verdict))}</small></p></article>`,
  ].join('');
}

function tableOf({ verdicts }: Report): string {
  const columns = netsOf(verdicts);
  const rows = matrixOf(verdicts);
  const groups = [...new Set(rows.map(({ group }) => group))];
  const head = `<thead><tr><th></th>${columns.map((net) => `<th>${net}</th>`).join('')}</tr></thead>`;
  const row = ({ name, cells }: Row): string => {
    const said = columns.map((net) => {
      const cell = cells[net];
      if (!cell) return '<td></td>';
      return `<td class="${slug(cell.result)}">${cell.result} <small>${cell.count}</small></td>`;
    });
    return `<tr><th scope="row">${text(name)}</th>${said.join('')}</tr>`;
  };
  const bodies = groups.map((group) => {
    const title = `<tr class="group"><th colspan="${columns.length + 1}">${text(group)}</th></tr>`;
    return `<tbody>${title}${rows
      .filter((each) => each.group === group)
      .map(row)
      .join('')}</tbody>`;
  });
  return `<table>${head}${bodies.join('')}</table>`;
}

function slug(result: string): string {
  return result.replaceAll(' ', '-');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
