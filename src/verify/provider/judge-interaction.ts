import { exampleBody, type Interaction } from '../../pact/model.ts';
import type { Verdict } from '../verdict.ts';
import { isOutage, isWebPage } from './exchange.ts';
import type { InteractionResult, Mismatch } from './pact-verifier.ts';
import {
  bodyPlace,
  bodyPlaceAt,
  bodyPlaces,
  headerPlace,
  kindOf,
  mediaTypeOf,
  statusPlace,
  withArticle,
} from './places.ts';
import type { Passage } from './relay.ts';

/** A verdict without what the caller knows: the check, the contract and the interaction. */
export type InteractionJudgement = Pick<Verdict, 'result' | 'rule' | 'sentence'> & { place?: string };

/**
 * What became of one interaction: a judgement of the whole where it could not be tried, else one for each place that the
 * contract says something about.
 */
export function judgeInteraction(
  { response }: Interaction,
  { outcome, state }: Passage,
  result: InteractionResult | undefined,
): InteractionJudgement[] {
  if (outcome?.kind === 'withheld') return [withheld(outcome.why)];
  if (state) {
    const sentence = `The provider state could not be set: ${state.reason}.`;
    return [{ result: state.refused ? 'not verifiable' : 'unanswered', rule: 'state', sentence }];
  }
  if (outcome?.kind === 'silence') return [unanswered(outcome.reason)];
  if (!outcome || !result?.mismatches) {
    const sentence = "Pact's verifier could not try the interaction. Look at its request in the contract.";
    return [{ result: 'not verifiable', rule: 'verifier', sentence }];
  }
  const types = response.contentType === undefined ? [] : [response.contentType];
  if (result.mismatches.length > 0 && isOutage(outcome, { demanded: response.status, types })) {
    return [outage(outcome.status, isWebPage(outcome.headers.get('content-type')))];
  }
  const example = exampleBody(response.body);
  const findings = result.mismatches.flatMap((mismatch) => describeMismatch(mismatch, example));
  return [...broken(findings), ...holding(response, findings)];
}

/** @param reason the end of a sentence about the provider. */
export function unanswered(reason: string): InteractionJudgement {
  return { result: 'unanswered', rule: 'answer', sentence: `The provider ${reason}.` };
}

export function outage(status: number, isPage = false): InteractionJudgement {
  return unanswered(
    `answers ${status}${isPage ? ' with a web page' : ''}, so it does not work just now. Try again later`,
  );
}

export function withheld(why: 'unsafe' | 'budget'): InteractionJudgement {
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
function broken(findings: readonly Finding[]): InteractionJudgement[] {
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
function holding({ headers, body }: Interaction['response'], findings: readonly Finding[]): InteractionJudgement[] {
  const places = [
    { place: statusPlace, rule: 'status', sentence: 'The status is as the contract demands.' },
    ...[...headers.values()].map(({ name }) => ({
      place: headerPlace(name),
      rule: 'header',
      sentence: 'The header is as the contract demands.',
    })),
    ...bodyPlaces(exampleBody(body)).map((place) => ({
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

/** What is wrong at a place, in words that hold nothing of the answer but its structure. */
interface Finding {
  place: string;
  rule: string;
  sentence: string;
}

/** @param example the body in the contract. */
export function describeMismatch(mismatch: Mismatch, example: unknown): Finding[] {
  const { type, key, path, expected, actual } = mismatch;
  switch (type) {
    case 'StatusMismatch':
      return [
        {
          place: statusPlace,
          rule: 'status',
          sentence: `The provider answers ${statusOf(actual)}, the contract demands ${statusOf(expected)}.`,
        },
      ];
    case 'HeaderMismatch':
      return [describeHeader(key, actual)];
    case 'BodyTypeMismatch':
      return [
        {
          place: bodyPlace,
          rule: 'content type',
          sentence: `The body has ${mediaTypeOf(String(actual))}, the contract demands ${mediaTypeOf(String(expected))}.`,
        },
      ];
    default:
      return describeMissing(mismatch, example) ?? [{ place: bodyPlaceAt(path, example), ...describeValue(mismatch) }];
  }
}

function describeHeader(name: string, actual: unknown): Finding {
  const rule = name.toLowerCase() === 'content-type' ? 'content type' : 'header';
  const sentence =
    actual === '' || actual === undefined
      ? `The answer has no header ${name}, which the contract demands.`
      : `The header ${name} has a value that the contract does not allow.`;
  return { place: headerPlace(name), rule, sentence };
}

/** Pact names the keys that an object has, and those that it should have. */
function describeMissing({ text, path, expected, actual }: Mismatch, example: unknown): Finding[] | undefined {
  if (!text.startsWith('Actual map is missing') || !Array.isArray(expected) || !Array.isArray(actual)) return undefined;
  const missing = expected.filter((key): key is string => typeof key === 'string' && !actual.includes(key));
  return missing.map((key) => ({
    place: bodyPlaceAt(path, example, [key]),
    rule: 'required',
    sentence: 'It is missing in the answer, and the contract demands it.',
  }));
}

function describeValue({ text, path, expected, actual }: Mismatch): Omit<Finding, 'place'> {
  if (actual === null && path === '/')
    return { rule: 'required', sentence: 'The answer has no body, and the contract demands one.' };
  if (text.startsWith('Failed to parse'))
    return { rule: 'syntax', sentence: 'The body is not what its content type says: it cannot be read.' };
  const [found, wanted] = [kindOf(actual), kindOf(expected)];
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const [, bound = '', size] = /to have (minimum|maximum) size of (\d+)/.exec(text) ?? [];
    const demand =
      size === undefined ? `${expected.length} items` : `${bound === 'minimum' ? 'at least' : 'at most'} ${size}`;
    return { rule: 'length', sentence: `The answer has ${actual.length} items, the contract demands ${demand}.` };
  }
  if (/ to be an? (integer|decimal|null|number|boolean)/.test(text) || found !== wanted) {
    return {
      rule: 'type',
      sentence: `The answer has ${withArticle(found)}, the contract demands ${withArticle(wanted)}.`,
    };
  }
  if (/ to match '/.test(text)) {
    return {
      rule: 'pattern',
      sentence: `The answer has ${withArticle(found)} that does not match the contract's pattern.`,
    };
  }
  if (/ to match a /.test(text)) {
    return { rule: 'format', sentence: `The answer has ${withArticle(found)} that is not of the contract's format.` };
  }
  return { rule: 'value', sentence: `The answer has another ${found} than the one that the contract demands.` };
}

function statusOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : 'another status';
}
