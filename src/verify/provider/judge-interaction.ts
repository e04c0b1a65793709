import type { Result, Verdict } from '../verdict.ts';
import { describeMismatch, type Finding } from '../../contract/provider/describe-mismatch.ts';
import type { Passage } from './recording-proxy.ts';
import type { Interaction } from './interactions.ts';
import { isOutage, isWebPage } from '../../contract/provider/outage.ts';
import { bodyPlace, bodyPlaces, headerPlace, statusPlace } from './places.ts';
import type { InteractionResult } from '../../contract/provider/verifier-results.ts';

/** A verdict without what the caller knows: the net, the contract and the interaction. */
export type Judgement = Pick<Verdict, 'result' | 'rule' | 'sentence'> & { place?: string };

/**
 * What became of one interaction: a judgement of the whole where it could not be tried, else one for each place that the
 * contract says something about.
 */
export function judgeInteraction(
  { response }: Interaction,
  { outcome, state }: Passage,
  result: InteractionResult | undefined,
): Judgement[] {
  const whole = (result: Result, rule: string, sentence: string): Judgement[] => [{ result, rule, sentence }];
  if (outcome?.kind === 'withheld') return [withheld(outcome.why)];
  if (state)
    return whole(
      state.refused ? 'not verifiable' : 'unanswered',
      'state',
      `The provider state could not be set: ${state.reason}.`,
    );
  if (outcome?.kind === 'silence') return whole('unanswered', 'answer', `The provider ${outcome.reason}.`);
  if (!outcome || !result?.mismatches) {
    return whole(
      'not verifiable',
      'verifier',
      "Pact's verifier could not try the interaction. Look at its request in the contract.",
    );
  }
  const { status } = outcome;
  const asDemanded =
    status === response.status && (!isWebPage(outcome.headers.get('content-type')) || isWebPage(response.contentType));
  if (isOutage(outcome) && !asDemanded && result.mismatches.length > 0) {
    const page = isWebPage(outcome.headers.get('content-type')) ? ' with a web page' : '';
    return whole(
      'unanswered',
      'answer',
      `The provider answers ${status}${page}, so it does not work just now. Try again later.`,
    );
  }
  const findings = result.mismatches.flatMap((mismatch) => describeMismatch(mismatch, response.body));
  return [...broken(findings), ...holding(response, findings)];
}

export function withheld(why: 'unsafe' | 'budget'): Judgement {
  return {
    result: 'not verifiable',
    rule: why === 'unsafe' ? 'read-only' : 'budget',
    sentence:
      why === 'unsafe'
        ? 'A real provider is only read, and the request may change something. It was not sent.'
        : 'The budget of requests is used up. The request was not sent; allow more of them.',
  };
}

/** One for each place and rule: an array of a hundred items has no more places than one. */
function broken(findings: readonly Finding[]): Judgement[] {
  const byPlace = new Map<string, Finding>();
  for (const finding of findings) {
    const { place, rule } = finding;
    // A value of another type matches no pattern either.
    if (rule === 'pattern' && findings.some((other) => other.place === place && other.rule === 'type')) continue;
    byPlace.set(`${place} ${rule}`, byPlace.get(`${place} ${rule}`) ?? finding);
  }
  return [...byPlace.values()].map((finding) => ({ result: 'broken', ...finding }));
}

/** Of what lies below a broken place nothing is known. */
function holding({ headers, body }: Interaction['response'], findings: readonly Finding[]): Judgement[] {
  const places = [
    { place: statusPlace, rule: 'status', sentence: 'The status is as the contract demands.' },
    ...headers.map((name) => ({
      place: headerPlace(name),
      rule: 'header',
      sentence: 'The header is as the contract demands.',
    })),
    ...bodyPlaces(body).map((place) => ({
      place,
      rule: 'body',
      sentence: 'The answer is as the contract demands here.',
    })),
  ];
  const unknown = ({ place }: Finding): boolean =>
    findings.some(
      (finding) => finding.place === place || (finding.place.startsWith(bodyPlace) && isBelow(place, finding.place)),
    );
  return places.filter((each) => !unknown(each)).map((each) => ({ result: 'holds', ...each }));
}

function isBelow(place: string, above: string): boolean {
  return place.startsWith(above) && /^[.[]/.test(place.slice(above.length));
}
