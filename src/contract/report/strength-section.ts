import { section, text } from '../../report/page.ts';
import type { OperatorSummary, StrengthSummary } from '../../verify/mutation/summary.ts';
import { describeStrength } from '../strength/table.ts';

/** Who notices which mutants, as a heat map, and those that nobody notices. */
export function strengthSection(summary: StrengthSummary | undefined): string {
  if (!summary) return '';
  const { operators, nets, open } = summary;
  const head = ['', 'mutants', ...nets, 'survived', 'equivalent'].map((name) => `<th>${text(name)}</th>`).join('');
  const rows = operators.map((operator) => strengthRowOf(operator, nets)).join('');
  const table = `<table class="heat"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  const survivors = open.map(
    ({ id, result, by, pointer, advice }) =>
      `<article class="broken"><h3>${result} <small>${text(id)}</small></h3><p>${text(advice)}</p>` +
      `<p><small>${text([by, pointer].filter(Boolean).join(', '))}</small></p></article>`,
  );
  return section(
    'How strong the contracts are',
    `<p>${text(describeStrength(summary))}</p>${survivors.join('')}${table}`,
  );
}

function strengthRowOf(
  { name, expected, mutants, killed, survived, equivalent }: OperatorSummary,
  nets: readonly string[],
): string {
  const cells = nets.map((net) => {
    const count = killed[net] ?? 0;
    // A control is right: what a net has against it is wrong.
    const good = expected === 'refused' ? count / mutants : 1 - count / mutants;
    return `<td style="--good:${Math.round(good * 100)}%">${count === 0 ? '·' : count}</td>`;
  });
  const kind = expected === 'accepted' ? ' <small>control</small>' : '';
  return `<tr><th scope="row">${text(name)}${kind}</th><td class="plain">${mutants}</td>${cells.join('')}<td class="${
    survived > 0 ? 'broken' : 'plain'
  }">${survived || '·'}</td><td class="plain">${equivalent || '·'}</td></tr>`;
}
