import { article, escapeHtml, page, section } from '../../report/page.ts';
import type { AnswerCoverage } from '../coverage.ts';
import { describeStrength, type OperatorSummary, type StrengthSummary } from '../mutation/summary.ts';
import type { CheckName } from '../verdict.ts';
import {
  causesOf,
  checksOf,
  countWords,
  describeReport,
  describeRun,
  legendOf,
  matrixOf,
  words,
  type Cause,
  type Report,
  type Row,
} from './report.ts';

export function html(report: Report): string {
  const { verdicts, coverage, strength } = report;
  const bar = Object.entries(countWords(verdicts)).map(
    ([word, count]) => `<span class="${slug(word)}" style="flex-grow:${count}">${count} ${word}</span>`,
  );
  const terms = legendOf(verdicts).map(
    ([word, meaning]) => `<dt class="${slug(word)}">${word}</dt><dd>${meaning}</dd>`,
  );
  return page({
    title: 'Contracts',
    style,
    content: [
      `<p>${escapeHtml(describeReport(report))}</p><p class="counts">${bar.join('')}</p>`,
      section('What does not hold', causesOf(verdicts).map(articleOf).join('')),
      section('Who says what', `${tableOf(report)}<dl>${terms.join('')}</dl>`),
      coverageSection(coverage),
      strengthSection(strength),
      section('This run', `<p>${escapeHtml(report.used)}</p><p>${escapeHtml(describeRun(report))}</p>`),
    ],
  });
}

function articleOf({ net, rule, word, sentence, places, remedy }: Cause): string {
  const heading = `${word} <small>${net}: ${escapeHtml(rule)}</small>`;
  const seen = places.map((place) => escapeHtml(place)).join('<br>');
  const advice = word === 'broken' ? [escapeHtml(remedy)] : [];
  const where = `<small>${places.length > 1 ? `${places.length} places:<br>` : ''}${seen}</small>`;
  return article(slug(word), heading, escapeHtml(sentence), ...advice, where);
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
    if (!cell) return '<td class="none"></td>';
    return `<td class="${slug(cell.word)}" data-check="${check}">${cell.word} <small>${cell.count}</small></td>`;
  });
  const places = verdicts.map(
    ({ net, result, place, pointer, rule, sentence }) =>
      `<li>${escapeHtml(place ?? pointer ?? rule)} <small>${net}, ${escapeHtml(rule)}, ${words[result]}: ${escapeHtml(sentence)}</small></li>`,
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
      `<td class="${kind}" data-check="interactions" title="${escapeHtml(interactions.join('\n'))}">${interactions.length}</td>` +
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
  const table = `<div class="scroll"><table class="heat"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
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
.counts { display: flex; flex-wrap: wrap; gap: 2px; } .counts span { padding: .2rem .6rem; color: #111; border-radius: 3px; }
:is(span, td, dt).holds { background: #9be3ae; } :is(span, td, dt).broken { background: #ffb3ad; }
:is(span, td, dt).no-answer { background: #f5d67b; }
:is(span, td, dt):is(.not-verifiable, .pending, .accepted) { background: #d0d7de; }
article.broken { border-color: #d1242f; } article.no-answer { border-color: #bf8700; }
article small, summary, li { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px .8rem; font-size: .85rem; }
dt { padding: 0 .6rem; border-radius: 3px; color: #111; } dd { margin: 0; }
table { border-collapse: separate; border-spacing: 2px; } th, td { padding: .35rem .6rem; }
tbody th { font-weight: normal; } tr.group th { padding-top: 1.2rem; font-weight: 600; border-bottom: 1px solid var(--line); }
td { border-radius: 3px; color: #111; white-space: nowrap; vertical-align: top; } td small { color: #333; }
td.plain { color: var(--ink); } td.plain small { color: var(--faint); white-space: normal; }
details ul { margin: .4rem 0; padding-left: 1.2rem; } summary { cursor: pointer; } .heat td { text-align: right; padding: .1rem .6rem; }
.heat th { padding: .1rem .6rem; } .heat thead th:not(:first-child) { text-align: right; }
@media (max-width: 40rem) {
  main { padding: 1rem .75rem 3rem; }
  table:not(.heat) thead { display: none; }
  table:not(.heat) tr { display: flex; flex-wrap: wrap; gap: 2px; margin-bottom: .6rem; }
  table:not(.heat) th { flex: 1 0 100%; padding: .2rem 0; overflow-wrap: anywhere; }
  table:not(.heat) td { white-space: normal; font-size: .8rem; padding: .2rem .5rem; } td.none { display: none; }
  td[data-check]::before { content: attr(data-check) ': '; }
  .scroll { overflow-x: auto; }
}
.heat td[style] { background: color-mix(in oklab, #9be3ae var(--good), #d0d7de); }
`;
