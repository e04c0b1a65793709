import { section, text } from '../../report/page.ts';
import type { AnswerCoverage } from '../../verify/coverage.ts';

/** Which documented answers the contracts look at, and what of them they leave aside. */
export function coverageSection(coverage: readonly AnswerCoverage[]): string {
  const rows = coverage.map(({ operation, status, interactions, fields }) => {
    const left = fields.filter(({ expected }) => !expected).map(({ place }) => place);
    const share = `${fields.length - left.length} of ${fields.length}`;
    const aside = left.length > 0 ? ` <small>not ${text(left.join(', '))}</small>` : '';
    const kind = interactions.length > 0 ? 'holds' : 'not-verifiable';
    return (
      `<tr><th scope="row">${text(operation)} <small>${text(status)}</small></th>` +
      `<td class="${kind}" title="${text(interactions.join('\n'))}">${interactions.length}</td>` +
      `<td class="plain">${fields.length === 0 ? '' : share}${interactions.length > 0 ? aside : ''}</td></tr>`
    );
  });
  const head = '<thead><tr><th></th><th>interactions</th><th>places of the body</th></tr></thead>';
  return section(
    'What the contracts look at',
    rows.length === 0 ? '' : `<table>${head}<tbody>${rows.join('')}</tbody></table>`,
  );
}
