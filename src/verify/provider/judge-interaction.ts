import { exampleBody, type Interaction } from '../../pact/model.ts';
import type { Verdict } from '../verdict.ts';
import { isWebPage } from './exchange.ts';
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
import type { Provider } from './provider.ts';
import type { Passage } from './relay.ts';

export type InteractionJudgement = Pick<Verdict, 'result' | 'rule' | 'sentence' | 'excused'> & { place?: string };

/** One judgement of the whole interaction if it could not be tried, else one for each place of the contract. */
export function judgeInteraction(
  provider: Provider,
  { response }: Interaction,
  { outcome, failed }: Passage,
  result: InteractionResult | undefined,
): InteractionJudgement[] {
  if (outcome?.kind === 'withheld') return [withheld(outcome.why)];
  const [failure] = failed.values();
  if (failure) return [{ rule: 'state', ...failure }];
  if (outcome?.kind === 'silence') return [providerSilent(outcome.reason)];
  if (!outcome || !result?.mismatches) {
    const sentence = "Pact's verifier could not try the interaction. Check its request in the contract.";
    return [{ result: 'not verifiable', rule: 'verifier', sentence }];
  }
  const types = response.contentType === undefined ? [] : [response.contentType];
  if (result.mismatches.length > 0 && provider.isOutage(outcome, { demanded: response.status, types })) {
    return [outage(outcome.status, isWebPage(outcome.headers.get('content-type')))];
  }
  const example = exampleBody(response.body);
  const findings = describeMismatches(provider, result.mismatches, example, outcome.body);
  // Headers and body of another status are another answer.
  if (findings[0]?.place === statusPlace) return broken(findings);
  return [...broken(findings), ...holding(response, findings)];
}

export function providerSilent(reason: string): InteractionJudgement {
  return { result: 'unanswered', rule: 'answer', sentence: `The provider ${reason}.` };
}

export function outage(status: number, isPage = false): InteractionJudgement {
  const page = isPage ? ' with a web page' : '';
  return providerSilent(`answers ${status}${page}, so it is not working at the moment. Try again later`);
}

export function withheld(why: 'unsafe' | 'budget'): InteractionJudgement {
  const [rule, sentence] =
    why === 'unsafe'
      ? ['read-only', 'The request was not sent: it might change data at a live provider.']
      : ['budget', 'The request was not sent: the request budget is used up. Raise it.'];
  return { result: 'not verifiable', rule, sentence };
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

function holding({ headers, body }: Interaction['response'], findings: readonly Finding[]): InteractionJudgement[] {
  const sentence = 'The answer is as the contract demands here.';
  const places = [
    { place: statusPlace, rule: 'status', sentence: 'The status is as the contract demands.' },
    ...[...headers.values()].map(({ name }) => ({
      place: headerPlace(name),
      rule: 'header',
      sentence: 'The header is as the contract demands.',
    })),
    ...bodyPlaces(exampleBody(body)).map((place) => ({ place, rule: 'body', sentence })),
  ];
  const isKnown = ({ place }: Finding): boolean =>
    !findings.some(
      ({ place: above }) =>
        above === place ||
        (above.startsWith(bodyPlace) && place.startsWith(above) && /^[.[]/.test(place.slice(above.length))),
    );
  return places.filter(isKnown).map((each) => ({ result: 'holds', ...each }));
}

/** What is wrong at a place, without any value of the answer. */
interface Finding {
  place: string;
  rule: string;
  sentence: string;
}

/**
 * What is wrong with an answer: its status alone, where that is another one.
 * @param example the body in the contract.
 * @param body of the answer, whose beginning the sentence on a status may show.
 */
export function describeMismatches(
  provider: Teller,
  mismatches: readonly Mismatch[],
  example: unknown,
  body: Buffer = Buffer.of(),
): Finding[] {
  const status = mismatches.find(({ type }) => type === 'StatusMismatch');
  if (!status) return mismatches.flatMap((mismatch) => describeMismatch(provider, mismatch, example));
  const [answered, demanded] = [status.actual, status.expected].map((each) =>
    typeof each === 'number' ? String(each) : 'another status',
  );
  const sentence = `The provider answers ${answered}${provider.quote(body)}, the contract demands ${demanded}.`;
  return [{ place: statusPlace, rule: 'status', sentence }];
}

/** Shows of an answer what may be shown: nothing at a live provider. */
type Teller = Pick<Provider, 'access' | 'quote' | 'show'>;

function describeMismatch(provider: Teller, mismatch: Mismatch, example: unknown): Finding[] {
  const { type, key, path, expected, actual } = mismatch;
  switch (type) {
    case 'HeaderMismatch':
      return [
        {
          place: headerPlace(key),
          rule: key.toLowerCase() === 'content-type' ? 'content type' : 'header',
          sentence:
            actual === '' || actual === undefined
              ? `The contract demands the header ${key}, but the answer lacks it.`
              : `The header ${key} has a value${provider.show(actual)} that the contract does not allow.`,
        },
      ];
    case 'BodyTypeMismatch': {
      const sentence = `The body has ${mediaTypeOf(String(actual))}, the contract demands ${mediaTypeOf(String(expected))}.`;
      return [{ place: bodyPlace, rule: 'content type', sentence }];
    }
    default:
      return (
        describeMissing(mismatch, example) ?? [
          { place: bodyPlaceAt(path, example), ...describeValue(provider, mismatch) },
        ]
      );
  }
}

/** Pact names the keys that an object has, and those that it should have. */
function describeMissing({ text, path, expected, actual }: Mismatch, example: unknown): Finding[] | undefined {
  if (!text.startsWith('Actual map is missing') || !Array.isArray(expected) || !Array.isArray(actual)) return undefined;
  const missing = expected.filter((key): key is string => typeof key === 'string' && !actual.includes(key));
  return missing.map((key) => ({
    place: bodyPlaceAt(path, example, [key]),
    rule: 'required',
    sentence: 'The contract demands this property, but the answer lacks it.',
  }));
}

function describeValue(
  provider: Teller,
  { text, path, expected, actual, demanded, written }: Mismatch,
): Omit<Finding, 'place'> {
  if (actual === null && path === '/')
    return { rule: 'required', sentence: 'The contract demands a body, but the answer has none.' };
  if (text.startsWith('Failed to parse'))
    return { rule: 'syntax', sentence: 'The body cannot be read as its content type.' };
  const [found, wanted] = [kindOf(actual), kindOf(expected)];
  const shown = provider.show(actual);
  const has = `The answer has ${withArticle(found)}${shown}`;
  // Pact tells numbers apart by how they are written, not by what they are worth.
  if (found === 'integer' && /[.e]/i.test(written)) {
    const value = provider.access.kind === 'live' ? '' : ` (${written})`;
    const form = /e/i.test(written) ? 'more than 64 bits' : 'a decimal point or an exponent';
    const demand = wanted === 'integer' ? 'an integer without' : withArticle(wanted);
    return { rule: 'type', sentence: `The answer has a number with ${form}${value}, the contract demands ${demand}.` };
  }
  const isDecimal = text.endsWith('to be a decimal number') || (wanted === 'integer' && /[.e]/i.test(demanded));
  if (found === 'integer' && isDecimal)
    return { rule: 'type', sentence: `${has}, the contract demands a number with a decimal point.` };
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const [, bound = '', size] = /to have (minimum|maximum) size of (\d+)/.exec(text) ?? [];
    const demand =
      size === undefined ? `${expected.length} items` : `${bound === 'minimum' ? 'at least' : 'at most'} ${size}`;
    return { rule: 'length', sentence: `The answer has ${actual.length} items, the contract demands ${demand}.` };
  }
  if (/ to be an? (integer|decimal|null|number|boolean)/.test(text) || found !== wanted)
    return { rule: 'type', sentence: `${has}, the contract demands ${withArticle(wanted)}.` };
  if (/ to match '/.test(text))
    return { rule: 'pattern', sentence: `${has} that does not match the contract's pattern.` };
  if (/ to match a /.test(text)) return { rule: 'format', sentence: `${has} that is not of the contract's format.` };
  return { rule: 'value', sentence: `The answer has a different ${found}${shown} than the contract demands.` };
}
