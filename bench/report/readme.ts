import type { Results } from '../harness/results.ts';
import { quotient } from './format.ts';

const begin = '<!-- measured: written by `npm run bench` -->';
const end = '<!-- end of what was measured -->';

/** The lines of the README: what the ratios are titled in the results, and the peers that are named. */
const lines = [
  { text: 'Doctors answered per second', title: 'doctors answered a second', peers: ['Prism CLI', 'bare Express'] },
  { text: 'Tokens issued per second', title: 'tokens, or signatures, a second', peers: ['oauth2-mock-server'] },
  { text: 'Time to the first token', title: 'first right token', peers: ['Prism CLI'] },
];

/** A page with other figures between the marks. */
export function withMeasured(page: string, figures: string): string {
  const [before, rest = ''] = page.split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`A page has no place for ${begin}.`);
  return [before, begin, '\n\n', figures, '\n\n', end, after].join('');
}

/** The figures of the README. */
export function comparedFigures({ sections }: Pick<Results, 'sections'>): string {
  const ratios = Object.values(sections).flatMap((section) => section.ratios);
  const measured = lines.map(({ text, title, peers }) => {
    const compared = peers.flatMap((peer) => {
      const found = ratios.find((ratio) => ratio.title === `${title}: arzamed mock / ${peer}`);
      return found ? [`${quotient(found.value)} × ${peer}`] : [];
    });
    return `- ${text}: ${compared.join(', ') || 'not measured'}.`;
  });
  return measured.join('\n');
}
