import type { Verdict } from '../../verify/verdict.ts';
import { countResults, type Report } from '../../verify/report/report.ts';

/** `41 hold, 2 broken` */
export function describeCounts(verdicts: readonly Verdict[]): string {
  const { broken, unanswered, 'not verifiable': unverifiable, holds } = countResults(verdicts);
  const words = [
    `${holds} hold`,
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(unanswered > 0 ? [`${unanswered} unanswered`] : []),
    ...(unverifiable > 0 ? [`${unverifiable} not verifiable here`] : []),
  ];
  return words.join(', ');
}

/** What was held against what. */
export function describeReport({ spec, provider, contracts, verdicts, milliseconds }: Report): string {
  const seconds = (milliseconds / 1000).toFixed(1);
  return `${contracts.length} contracts, ${spec}, ${provider}: ${describeCounts(verdicts)}, in ${seconds} s.`;
}

/** How much of the specification the contracts look at. */
export function describeCoverage({ coverage }: Report): string {
  const fields = coverage.flatMap((answer) => answer.fields);
  const [answers, places] = [
    coverage.filter(({ interactions }) => interactions.length > 0).length,
    fields.filter(({ expected }) => expected).length,
  ];
  return `The contracts look at ${answers} of ${coverage.length} documented answers and ${places} of ${fields.length} places in them.`;
}

/** Where a verdict is, in contract and specification. */
export function placeOf({ contract, interaction, operation, place, pointer }: Verdict): string {
  const where = interaction === undefined ? (operation ?? contract) : `${contract ?? ''}: ${interaction}`;
  return [where, place, pointer].filter((each) => each !== undefined && each !== '').join(', ');
}
