import { article, escapeHtml, page, section } from '../../report/page.ts';
import type { AnswerCoverage } from '../coverage.ts';
import { describeStrength, type OperatorSummary, type StrengthSummary } from '../mutation/summary.ts';
import type { CheckName, Verdict } from '../verdict.ts';
import { checksOf, countResults, describeReport, matrixOf, whereOf, type Report, type Row } from './report.ts';

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
      `<p>${escapeHtml(describeReport(report))}</p><p>${escapeHtml(report.used)}</p><p class="counts">${bar.join('')}</p>`,
      section('What does not hold', failing.map(articleOf).join('')),
      section('Who says what', tableOf(report)),
      coverageSection(coverage),
      strengthSection(strength),
    ],
  });
}

function articleOf(verdict: Verdict): string {
  const { net, rule, result, sentence } = verdict;
  const heading = `${result} <small>${net}: ${escapeHtml(rule)}</small>`;
  return article(slug(result), heading, escapeHtml(sentence), `<small>${escapeHtml(whereOf(verdict))}</small>`);
}

function tableOf({ verdicts }: Report): string {
  const columns = checksOf(verdicts);
  const rows = matrixOf(verdicts);
  const groups = [...new Set(rows.map(({ group }) => group))];
  const head = `<thead><tr><th></th>${columns.map((check) => `<th>${check}</th>`).join('')}</tr></thead>`;
  const bodies = groups.map((group) => {
    const title = `<tr class="group"><th colspan="${columns.length + 1}">${escapeHtml(group)}</th></tr>`;
    const own = rows.filter((each) => each.group === group);
    return `<tbody>${title}${own.map((row) => rowOf(row, columns)).join('')}</tbody>`;
  });
  return `<table>${head}${bodies.join('')}</table>`;
}

function rowOf({ name, cells, verdicts }: Row, columns: readonly CheckName[]): string {
  const said = columns.map((check) => {
    const cell = cells[check];
    if (!cell) return '<td></td>';
    return `<td class="${slug(cell.result)}">${cell.result} <small>${cell.count}</small></td>`;
  });
  const places = verdicts.map(
    ({ net, result, place, pointer, rule, sentence }) =>
      `<li>${escapeHtml(place ?? pointer ?? rule)} <small>${net}, ${escapeHtml(rule)}, ${result}: ${escapeHtml(sentence)}</small></li>`,
  );
  const details = `<details><summary>${escapeHtml(name)}</summary><ul>${places.join('')}</ul></details>`;
  return `<tr><th scope="row">${details}</th>${said.join('')}</tr>`;
}

function slug(result: string): string {
  return result.replaceAll(' ', '-');
}

function coverageSection(coverage: readonly AnswerCoverage[]): string {
  const rows = coverage.map(({ operation, status, interactions, fields }) => {
    const left = fields.filter(({ expected }) => !expected).map(({ place }) => place);
    const share = `${fields.length - left.length} of ${fields.length}`;
    const aside = left.length > 0 ? ` <small>not ${escapeHtml(left.join(', '))}</small>` : '';
    const kind = interactions.length > 0 ? 'holds' : 'not-verifiable';
    return (
      `<tr><th scope="row">${escapeHtml(operation)} <small>${escapeHtml(status)}</small></th>` +
      `<td class="${kind}" title="${escapeHtml(interactions.join('\n'))}">${interactions.length}</td>` +
      `<td class="plain">${fields.length === 0 ? '' : share}${interactions.length > 0 ? aside : ''}</td></tr>`
    );
  });
  const head = '<thead><tr><th></th><th>interactions</th><th>places of the body</th></tr></thead>';
  const table = rows.length === 0 ? '' : `<table>${head}<tbody>${rows.join('')}</tbody></table>`;
  return section('What the contracts look at', table);
}

function strengthSection(summary: StrengthSummary | undefined): string {
  if (!summary) return '';
  const { operators, nets, open } = summary;
  const head = ['', 'mutants', ...nets, 'survived', 'equivalent']
    .map((name) => `<th>${escapeHtml(name)}</th>`)
    .join('');
  const rows = operators.map((operator) => strengthRowOf(operator, nets)).join('');
  const table = `<table class="heat"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  const survivors = open.map(({ id, result, by, pointer, advice }) => {
    const where = [by, pointer].filter(Boolean).join(', ');
    const heading = `${result} <small>${escapeHtml(id)}</small>`;
    return article('broken', heading, escapeHtml(advice), `<small>${escapeHtml(where)}</small>`);
  });
  const sentence = `<p>${escapeHtml(describeStrength(summary))}</p>`;
  return section('How strong the contracts are', `${sentence}${survivors.join('')}${table}`);
}

function strengthRowOf(
  { name, expected, mutants, killed, survived, equivalent }: OperatorSummary,
  nets: readonly string[],
): string {
  const cells = nets.map((check) => {
    const count = killed[check] ?? 0;
    // A control should be accepted.
    const good = expected === 'refused' ? count / mutants : 1 - count / mutants;
    return `<td style="--good:${Math.round(good * 100)}%">${count === 0 ? '·' : count}</td>`;
  });
  const kind = expected === 'accepted' ? ' <small>control</small>' : '';
  return `<tr><th scope="row">${escapeHtml(name)}${kind}</th><td class="plain">${mutants}</td>${cells.join('')}<td class="${
    survived > 0 ? 'broken' : 'plain'
  }">${survived || '·'}</td><td class="plain">${equivalent || '·'}</td></tr>`;
}

const style = `
main { max-width: 70rem; }
.counts { display: flex; gap: 2px; } .counts span { min-width: max-content; padding: .2rem .6rem; color: #111; border-radius: 3px; }
.counts .holds, td.holds { background: #9be3ae; } .counts .broken, td.broken { background: #ffb3ad; }
.counts .unanswered, td.unanswered { background: #f5d67b; } .counts .not-verifiable, td.not-verifiable { background: #d0d7de; }
article.broken { border-color: #d1242f; } article.unanswered { border-color: #bf8700; }
table { border-collapse: separate; border-spacing: 2px; } th, td { padding: .35rem .6rem; }
tbody th { font-weight: normal; } tr.group th { padding-top: 1.2rem; font-weight: 600; border-bottom: 1px solid var(--line); }
td { border-radius: 3px; color: #111; white-space: nowrap; vertical-align: top; } td small { color: #333; }
td.plain { color: var(--ink); } td.plain small { color: var(--faint); white-space: normal; }
details ul { margin: .4rem 0; padding-left: 1.2rem; } summary { cursor: pointer; } .heat td { text-align: right; padding: .1rem .6rem; }
.heat th { padding: .1rem .6rem; } .heat thead th:not(:first-child) { text-align: right; }
.heat td[style] { background: color-mix(in oklab, #9be3ae var(--good), #d0d7de); }
`;
