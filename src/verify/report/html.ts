import { page, section, text } from '../../report/page.ts';
import type { Verdict } from '../verdict.ts';
import { coverageSection } from '../../contract/report/coverage-section.ts';
import { countResults, matrixOf, netsOf, type Report, type Row } from './report.ts';
import { strengthSection } from '../../contract/report/strength-section.ts';
import { style } from '../../contract/report/style.ts';
import { describeReport, placeOf } from '../../contract/report/words.ts';

/** A page by itself: what does not hold, who says what of each interaction and place, coverage, strength. */
export function html(report: Report): string {
  const { verdicts, coverage, strength } = report;
  const counts = Object.entries(countResults(verdicts)).filter(([, count]) => count > 0);
  const bar = counts.map(
    ([result, count]) =>
      `<span class="${slug(result)}" style="flex:${count}" title="${result}: ${count}">${count} ${result}</span>`,
  );
  const failing = verdicts.filter(({ result }) => result !== 'holds');
  return page({
    title: 'Contracts',
    style,
    content: [
      `<p>${text(describeReport(report))}</p><p class="counts">${bar.join('')}</p>`,
      section('What does not hold', failing.map(articleOf).join('')),
      section('Who says what', tableOf(report)),
      coverageSection(coverage),
      strengthSection(strength),
    ],
  });
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
  const bodies = groups.map((group) => {
    const title = `<tr class="group"><th colspan="${columns.length + 1}">${text(group)}</th></tr>`;
    const own = rows.filter((each) => each.group === group);
    return `<tbody>${title}${own.map((row) => rowOf(row, columns)).join('')}</tbody>`;
  });
  return `<table>${head}${bodies.join('')}</table>`;
}

/** One interaction or operation; opened, it shows what each net says of each place. */
function rowOf({ name, cells, verdicts }: Row, columns: readonly Verdict['net'][]): string {
  const said = columns.map((net) => {
    const cell = cells[net];
    if (!cell) return '<td></td>';
    return `<td class="${slug(cell.result)}">${cell.result} <small>${cell.count}</small></td>`;
  });
  const places = verdicts.map(
    ({ net, result, place, pointer, rule, sentence }) =>
      `<li>${text(place ?? pointer ?? rule)} <small>${net}, ${text(rule)}, ${result}: ${text(sentence)}</small></li>`,
  );
  const details = `<details><summary>${text(name)}</summary><ul>${places.join('')}</ul></details>`;
  return `<tr><th scope="row">${details}</th>${said.join('')}</tr>`;
}

function slug(result: string): string {
  return result.replaceAll(' ', '-');
}
