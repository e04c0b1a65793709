import type { JournalEntry } from '../mock/state/journal.ts';
import { counted } from '../util/terminal.ts';
import {
  areInOrder,
  callsIn,
  describeEnd,
  lackingIn,
  neverEnded,
  succeeded,
  tokenRequestsIn,
  type Evidence,
} from './evidence.ts';

type Verdict = 'met' | 'not met' | 'not observed';

/** What a check says of the evidence of one scenario. */
export interface Judgement {
  verdict: Verdict;
  /** One sentence: what was seen, or what would show it. */
  happened: string;
  /** The lines of the journal that show it. */
  entries: number[];
}

/** How a requirement is checked. */
export interface Check {
  /** The scenarios that show it; the first one in which something is observed counts, and any that is not met. */
  scenarios: readonly string[];
  judge: (evidence: Evidence) => Judgement;
}

/** Attempts of one call above which it is a loop. */
const mostAttempts = 12;
/** Milliseconds between the clocks of client and mock. */
const tolerance = 50;

const met = (happened: string, entries: readonly JournalEntry[] = []): Judgement => told('met', happened, entries);
const notMet = (happened: string, entries: readonly JournalEntry[] = []): Judgement =>
  told('not met', happened, entries);
const notObserved = (happened: string): Judgement => told('not observed', happened, []);

function told(verdict: Verdict, happened: string, entries: readonly JournalEntry[]): Judgement {
  return { verdict, happened, entries: entries.map(({ id }) => id) };
}

const noCall = notObserved('The program made no such call in this scenario.');

/** Of a failure that the program must show. */
function reported(evidence: Evidence, entries: readonly JournalEntry[]): Judgement {
  if (entries.length === 0) return noCall;
  if (neverEnded(evidence)) return notMet('The program was still running when its time was over.', entries.slice(-3));
  if (succeeded(evidence)) return notMet('The program ended with 0, as if nothing had happened.', entries.slice(-3));
  return met(`The program ended with ${evidence.ended.at(-1)?.code}.`, entries.slice(-3));
}

/** The same where another requirement is not met if the program does not end. */
function reportedAtEnd(evidence: Evidence, entries: readonly JournalEntry[], other: string): Judgement {
  return neverEnded(evidence) ? notObserved(`The program did not give up: see ${other}.`) : reported(evidence, entries);
}

/** A failure of the operation that the scenario is about. */
const fails = (scenario: string): Check => ({
  scenarios: [scenario],
  judge: (evidence) => reported(evidence, callsIn(evidence).filter(isStruck)),
});

/** An answer that the program must be able to take. @param requests those that got it. */
const works = (scenario: string, requests = callsIn): Check => ({
  scenarios: [scenario],
  judge: (evidence) => {
    const struck = requests(evidence).filter(({ status }) => status === 200);
    if (struck.length === 0) return noCall;
    return succeeded(evidence) ? met('The program ended with 0.', struck) : failedAt(evidence, struck);
  },
});

function failedAt(evidence: Evidence, entries: readonly JournalEntry[]): Judgement {
  return notMet(`The program ${describeEnd(evidence)} although the answer is right.`, entries);
}

/** What no scenario may show. */
const never = (
  finding: string,
  scenarios: readonly string[] = ['usual', 'unavailable-briefly', 'token-refused-once'],
): Check => ({
  scenarios,
  judge: (evidence) => {
    const found = evidence.findings.find(({ id, severity }) => id === finding && severity !== 'info');
    if (found) return seen(evidence, found.entries, found.message);
    return evidence.entries.length === 0 ? noCall : met('Not seen in any request.', evidence.entries.slice(0, 1));
  },
});

function seen({ entries }: Evidence, ids: readonly number[], message: string): Judgement {
  return notMet(
    message,
    entries.filter(({ id }) => ids.includes(id)),
  );
}

/** An answer whose texts must be among the output as they are, as far as those of the usual answer are. */
const shows = (scenario: string, what: string): Check => ({
  scenarios: [scenario],
  judge: (evidence) => {
    const struck = callsIn(evidence).filter(({ status }) => status === 200);
    if (struck.length === 0) return noCall;
    if (!succeeded(evidence)) return failedAt(evidence, struck);
    if (!evidence.showsTexts) {
      return met('The program ended with 0; its output does not show the texts of the answer.', struck);
    }
    const missing = lackingIn(evidence.ended.at(-1)?.output ?? '', evidence.texts);
    return missing.length === 0
      ? met(`The output has all ${evidence.texts.length} ${what}.`, struck)
      : notMet(`The output lacks ${missing.length} of ${evidence.texts.length} ${what}.`, struck);
  },
});

/** Whether a call is another attempt at the same: neither of another path nor at the same time. */
function isRepeated(before: JournalEntry, call: JournalEntry): boolean {
  return before.path === call.path && before.method === call.method && began(call) >= Date.parse(before.time);
}

function isStruck({ fault }: JournalEntry): boolean {
  return fault !== undefined;
}

function began({ time, milliseconds }: JournalEntry): number {
  return Date.parse(time) - milliseconds;
}

/** The check of each requirement. */
export const checks: Readonly<Record<string, Check>> = {
  works: {
    scenarios: ['usual'],
    judge: (evidence) => {
      if (evidence.entries.length === 0) return notMet('The program made no request to the API.');
      if (succeeded(evidence)) return met('The program ended with 0.', evidence.entries.slice(0, 3));
      return notMet(`The program ${describeEnd(evidence)}.`, evidence.entries.slice(-3));
    },
  },
  'token-by-basic': {
    scenarios: ['usual'],
    judge: (evidence) => {
      const requests = tokenRequestsIn(evidence);
      const wrong = requests.filter(({ authentication }) => authentication !== 'basic');
      if (requests.length === 0) return notObserved('The program requested no token.');
      return wrong.length === 0
        ? met('The client authenticated by HTTP Basic.', requests)
        : notMet('The client authenticated in another way than by HTTP Basic.', wrong);
    },
  },
  'token-request-form': {
    scenarios: ['usual'],
    judge: (evidence) => {
      const requests = tokenRequestsIn(evidence);
      const wrong = requests.filter(({ status, violations = [] }) => status === 400 || violations.length > 0);
      if (requests.length === 0) return notObserved('The program requested no token.');
      const [first] = wrong;
      if (!first) return met('The token request is as documented.', requests);
      return notMet(`The token request is wrong: ${first.violations?.[0] ?? first.reason ?? 'status 400'}.`, wrong);
    },
  },
  'token-cached': {
    scenarios: ['usual'],
    judge: (evidence) => {
      const found = evidence.findings.find(({ id }) => id === 'token-not-cached');
      if (found) return seen(evidence, found.entries, found.message);
      const asked = evidence.entries.filter(({ authentication }) => authentication === 'bearer');
      return asked.length > 1
        ? met(`${counted(asked.length, 'call')}, ${counted(tokenRequestsIn(evidence).length, 'token request')}.`, asked)
        : notObserved('The program made one call only. Run it with --trigger, or let it make several calls.');
    },
  },
  'token-renewed': {
    scenarios: ['expiring'],
    judge: (evidence) => {
      const requests = tokenRequestsIn(evidence).filter(({ status }) => status === 200);
      const expired = evidence.entries.filter(({ reason }) => reason === 'expired_token');
      const late = callsIn(evidence).filter(
        (call) => requests[0] !== undefined && began(call) - Date.parse(requests[0].time) > 2000,
      );
      if (requests.length === 0) return noCall;
      if (!succeeded(evidence))
        return notMet(`The program ${describeEnd(evidence)} after its token had expired.`, expired);
      if (late.length === 0)
        return notObserved('No call came after the first token had expired. Run it with --trigger.');
      return expired.length > requests.length
        ? notMet('The program used an expired token again and again.', expired)
        : met(
            `${counted(requests.length, 'token request')}, ${counted(expired.length, 'call')} with an expired token.`,
            late,
          );
    },
  },
  'expires-in-short': works('expires-in-short', tokenRequestsIn),
  'expires-in-text': works('expires-in-text', tokenRequestsIn),
  'expires-in-missing': works('expires-in-missing', tokenRequestsIn),
  'client-refused-bounded': {
    scenarios: ['client-refused'],
    judge: (evidence) => {
      const requests = tokenRequestsIn(evidence).filter(isStruck);
      if (requests.length === 0) return noCall;
      const allowed = 2 * evidence.ended.length;
      return requests.length <= allowed
        ? met(`${counted(requests.length, 'token request')}.`, requests)
        : notMet(`${counted(requests.length, 'token request')} with the same credentials.`, requests);
    },
  },
  'client-refused-reported': {
    scenarios: ['client-refused'],
    judge: (evidence) => reported(evidence, tokenRequestsIn(evidence).filter(isStruck)),
  },
  'token-unavailable-reported': {
    scenarios: ['token-unavailable'],
    judge: (evidence) => reported(evidence, tokenRequestsIn(evidence).filter(isStruck)),
  },
  'unauthorized-renewed': {
    scenarios: ['token-refused-once'],
    judge: (evidence) => {
      const all = callsIn(evidence);
      const refused = all.find(isStruck);
      if (!refused) return noCall;
      const renewed = tokenRequestsIn(evidence).some(({ id }) => id > refused.id);
      const repeated = all.some(({ id }) => id > refused.id);
      if (!repeated) return notMet('The call was not repeated.', [refused]);
      if (!renewed) return notMet('The call was repeated without a new token.', all);
      return succeeded(evidence) ? met('One new token, one repeated call.', all) : failedAt(evidence, all);
    },
  },
  'unauthorized-bounded': {
    scenarios: ['tokens-refused'],
    judge: (evidence) => {
      const refused = callsIn(evidence).filter(isStruck);
      if (refused.length === 0) return noCall;
      const paths = new Set(refused.map(({ path }) => path)).size;
      return refused.length <= 3 * paths * evidence.ended.length && !neverEnded(evidence)
        ? met(`${counted(refused.length, 'call')}, then it gave up.`, refused)
        : notMet(`It repeated the call ${counted(refused.length - 1, 'time')} after 401.`, refused);
    },
  },
  'unauthorized-reported': {
    scenarios: ['tokens-refused'],
    judge: (evidence) => reportedAtEnd(evidence, callsIn(evidence).filter(isStruck), 'unauthorized-bounded'),
  },
  'forbidden-not-retried': {
    scenarios: ['key-revoked'],
    judge: (evidence) => {
      const refused = evidence.entries.filter(({ status }) => status === 403);
      if (refused.length === 0) return noCall;
      const again = refused.find((call, index) => refused.slice(0, index).some((before) => isRepeated(before, call)));
      const isExpected = !again || evidence.ended.length > 1;
      return isExpected ? met('The call was not repeated.', refused) : notMet('The call was repeated.', refused);
    },
  },
  'forbidden-reported': {
    scenarios: ['key-revoked'],
    judge: (evidence) =>
      reported(
        evidence,
        evidence.entries.filter(({ status = 0 }) => status >= 400),
      ),
  },
  'unavailable-retried': {
    scenarios: ['unavailable-briefly'],
    judge: (evidence) => {
      const all = callsIn(evidence);
      const failed = all.filter(isStruck);
      if (failed.length === 0) return noCall;
      if (all.length === failed.length && failed.length < 2) return notMet('The call was not repeated after 503.', all);
      return succeeded(evidence)
        ? met(`The call succeeded at attempt ${failed.length + 1}.`, all)
        : notMet(`The program ${describeEnd(evidence)} after ${counted(all.length, 'attempt')}.`, all);
    },
  },
  'unavailable-pauses': {
    scenarios: ['unavailable'],
    judge: (evidence) => {
      const failed = callsIn(evidence).filter(isStruck);
      if (failed.length < 3 * evidence.ended.length)
        return notObserved('Only a third attempt of a call would show whether the pauses grow.');
      const found = evidence.findings.find(({ id }) => id === 'retried-without-backoff');
      return found
        ? seen(evidence, found.entries, found.message)
        : met(`${counted(failed.length, 'attempt')}, with growing pauses.`, failed);
    },
  },
  'unavailable-bounded': {
    scenarios: ['unavailable'],
    judge: (evidence) => {
      const failed = callsIn(evidence).filter(isStruck);
      if (failed.length === 0) return noCall;
      const paths = new Set(failed.map(({ path }) => path)).size;
      const isLoop = failed.length > mostAttempts * paths * evidence.ended.length;
      if (isLoop) return notMet(`It made ${counted(failed.length, 'attempt')}.`, failed.slice(-3));
      return neverEnded(evidence)
        ? notMet(`After ${counted(failed.length, 'attempt')} the program was still running.`, failed.slice(-3))
        : met(`It gave up after ${counted(failed.length, 'attempt')}.`, failed);
    },
  },
  'unavailable-reported': {
    scenarios: ['unavailable'],
    judge: (evidence) => reportedAtEnd(evidence, callsIn(evidence).filter(isStruck), 'unavailable-bounded'),
  },
  'too-many-requests-retried': {
    scenarios: ['rate-limited'],
    judge: (evidence) => {
      const all = callsIn(evidence);
      if (!all.some(isStruck)) return noCall;
      if (all.every(isStruck)) return notMet('The call was not repeated after 429.', all);
      return succeeded(evidence) ? met('The call was repeated.', all) : failedAt(evidence, all);
    },
  },
  'retry-after-honoured': {
    scenarios: ['rate-limited'],
    judge: (evidence) => {
      const all = callsIn(evidence);
      const limited = all.find(isStruck);
      const next = limited && all.find(({ id }) => id > limited.id);
      if (!limited || !next)
        return notObserved('The program did not repeat the call after 429: see too-many-requests-retried.');
      const pause = began(next) - Date.parse(limited.time);
      const wanted = (limited.retryAfter ?? 0) * 1000;
      const sentence = `It repeated the call after ${(pause / 1000).toFixed(1)} s; Retry-After said ${wanted / 1000} s.`;
      return pause + tolerance >= wanted ? met(sentence, [limited, next]) : notMet(sentence, [limited, next]);
    },
  },
  'reset-reported': fails('reset'),
  'empty-answer-reported': fails('empty-answer'),
  'truncated-answer-reported': fails('truncated'),
  'other-type-reported': fails('other-type'),
  'login-page-reported': fails('login-page'),
  'redirect-credentials': elsewhere('redirect', 'token'),
  'token-redirect-credentials': elsewhere('token-redirect', 'secret'),
  'time-limit': {
    scenarios: ['no-answer'],
    judge: (evidence) => {
      const struck = callsIn(evidence);
      if (neverEnded(evidence)) {
        return notMet(
          'The program was still waiting when its time was over; --patience SECONDS gives it more.',
          struck,
        );
      }
      return struck.length === 0 ? noCall : met(`It gave up after ${seconds(evidence)} s.`, struck);
    },
  },
  'unknown-fields': works('unknown-fields'),
  'null-values': works('null-values'),
  'empty-list': works('empty-list'),
  'many-items': shows('many-items', 'texts'),
  'every-script': shows('every-script', 'texts'),
  'order-kept': {
    scenarios: ['other-order'],
    judge: (evidence) => {
      const struck = callsIn(evidence).filter(({ status }) => status === 200);
      if (struck.length === 0) return noCall;
      if (!evidence.showsTexts) return notObserved('The output does not show the texts of the answer.');
      return areInOrder(evidence.ended.at(-1)?.output ?? '', evidence.texts)
        ? met('The output has the order of the answer.', struck)
        : notMet('The output has another order than the answer.', struck);
    },
  },
  'no-account-in-path': never('clinic-in-path'),
  'credentials-not-in-url': never('credentials-in-query'),
  'no-browser-origin': never('browser-origin'),
  'secret-not-printed': {
    scenarios: ['usual', 'client-refused', 'tokens-refused', 'unavailable', 'login-page'],
    judge: ({ printedSecret, ended }) => {
      if (ended.length === 0) return notObserved('The program was not started.');
      return printedSecret ? notMet('Its output has a secret or a token.') : met('Its output has none.');
    },
  },
  'certificate-checked': {
    scenarios: ['untrusted'],
    judge: (evidence) => {
      if (evidence.entries.length > 0)
        return notMet('The program sent a request over the connection.', evidence.entries);
      return succeeded(evidence)
        ? notObserved('The program ended with 0 and made no request.')
        : met('The program made no request over the connection.');
    },
  },
};

function seconds({ ended }: Evidence): string {
  return ((ended.at(-1)?.milliseconds ?? 0) / 1000).toFixed(1);
}

function elsewhere(scenario: string, what: string): Check {
  return {
    scenarios: [scenario],
    judge: (evidence) => {
      const redirected = evidence.entries.filter(isStruck);
      if (redirected.length === 0) return noCall;
      return evidence.elsewhere.some(({ carriedCredentials }) => carriedCredentials)
        ? notMet(`The other host received the ${what}.`, redirected)
        : met(`The other host received no ${what}.`, redirected);
    },
  };
}
