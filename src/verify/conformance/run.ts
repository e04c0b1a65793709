import type { Api } from '../../openapi/api.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import type { Requirement } from '../../openapi/security.ts';
import type { ProviderResponse } from '../provider/exchange.ts';
import { providerSilent, withheld } from '../provider/judge-interaction.ts';
import type { Verdict, VerdictResult } from '../verdict.ts';
import type { TokenAccount } from '../provider/credentials.ts';
import { missingCredentials } from '../provider/present.ts';
import type { Provider } from '../provider/provider.ts';
import { judgeAnswer, type AnswerFinding } from './judge-answer.ts';
import { answerTypes, toRequest, type RequestDraft } from './requests.ts';
import type { Samples } from './samples.ts';

/** Which result counts when the same thing was tried more than once. */
const order: readonly VerdictResult[] = ['broken', 'unanswered', 'holds', 'not verifiable'];

interface Refusal {
  rule: string;
  way: string;
  allows: (status: number) => boolean;
  /** The end of the sentence on an answer that is none. */
  demand: string;
  /** The sentence on a refusal; that of the answer unless given. */
  fine?: string;
}

export class Run {
  readonly api: Api;
  readonly provider: Provider;
  readonly samples: Samples;
  /** The first one makes the requests. */
  readonly accounts: readonly TokenAccount[];
  /** The largest number of valid requests for each operation. */
  readonly cases: number;
  /** What operations ask for, and for which there are no credentials. */
  readonly missing: Requirement[] = [];
  readonly #served = new Set<string>();
  readonly #found = new Map<string, { verdict: Verdict; count: number }>();

  constructor(parts: Pick<Run, 'api' | 'provider' | 'samples' | 'accounts' | 'cases'>) {
    this.api = parts.api;
    this.provider = parts.provider;
    this.samples = parts.samples;
    this.accounts = parts.accounts;
    this.cases = parts.cases;
  }

  /** @param way tells apart what is tried in several ways. */
  note(operation: Operation, rule: string, result: VerdictResult, sentence: string, way?: string): void {
    this.#add(operation, { rule, result, sentence, ...(way !== undefined && { way }) });
  }

  /** Checks an answer against the specification. @param what the request, as the start of a sentence. */
  judge(operation: Operation, answer: ProviderResponse, what: string): void {
    for (const finding of judgeAnswer(this.api, operation, answer, what, this.provider)) this.#add(operation, finding);
  }

  /** One for each rule and place, whatever the number of requests. */
  verdicts(): Verdict[] {
    const found = [...this.#found.values()].map(({ count, verdict: { sentence, ...verdict } }) => ({
      ...verdict,
      sentence: verdict.result === 'holds' && count > 1 ? `${sentence} (${count} requests)` : sentence,
    }));
    const access = { net: 'conformance', result: 'not verifiable', rule: 'access' } as const;
    return [...found, ...missingCredentials(this.missing).map((sentence) => ({ ...access, sentence }))];
  }

  /** Sends a valid request. Without an answer of the API it notes why, and gives undefined. */
  async ask(draft: RequestDraft, what: string, account = this.accounts[0]): Promise<ProviderResponse | undefined> {
    const answer = await this.#send(draft, account);
    if (!answer) return undefined;
    const { operation } = draft;
    const types = answerTypes(this.api.document, operation, answer.status);
    if (this.provider.isOutage(answer, { documented: operation.statuses, types })) {
      this.#noteOutage(operation, answer, what);
      return undefined;
    }
    if (answer.status < 500) this.#served.add(operation.id);
    return answer;
  }

  /** Whether the operation has answered a valid request; without that, refusals prove nothing. */
  hasServed(operation: Operation): boolean {
    return this.#served.has(operation.id);
  }

  /** Sends a request that should be refused, to an operation that has served a valid one. */
  async tempt(draft: RequestDraft, what: string): Promise<ProviderResponse | undefined> {
    const answer = await this.#send(draft, this.accounts[0]);
    if (!answer || !this.provider.isOutage(answer, { hasServed: true })) return answer;
    this.#noteOutage(draft.operation, answer, what);
    return undefined;
  }

  /** Sends a request that must be refused. A refusal need not be documented; if it is, it is checked as well. */
  async expectRefusal(draft: RequestDraft, what: string, refusal: Refusal): Promise<void> {
    const { operation } = draft;
    const { rule, way, allows, demand, fine } = refusal;
    const answer = await this.tempt(draft, what);
    if (!answer) return;
    const { status } = answer;
    if (!allows(status))
      return this.note(
        operation,
        rule,
        'broken',
        `${what} is answered ${status}${this.provider.quote(answer.body)}, ${demand}.`,
        way,
      );
    if (fine === undefined) this.note(operation, rule, 'holds', `${what} is refused with ${status}.`, way);
    else this.note(operation, rule, 'holds', fine);
    if (operation.statuses.includes(String(status))) this.judge(operation, answer, what);
  }

  async #send(draft: RequestDraft, account: TokenAccount | undefined): Promise<ProviderResponse | undefined> {
    const { operation } = draft;
    const at = (path: string): URL =>
      operation.issuesTokens && account ? new URL(account.tokenUrl) : this.provider.below(operation, path);
    const outcome = await this.provider.send(toRequest(draft, at));
    if (outcome.kind === 'answer') return outcome;
    this.#add(operation, outcome.kind === 'silence' ? providerSilent(outcome.reason) : withheld(outcome.why));
    return undefined;
  }

  #noteOutage(operation: Operation, { status }: ProviderResponse, what: string): void {
    const sentence = `${what} is answered ${status} or with a web page: the provider is not working at the moment. Try again later.`;
    this.note(operation, 'answer', 'unanswered', sentence);
  }

  #add(operation: Operation, { way, ...finding }: AnswerFinding): void {
    const verdict = { net: 'conformance', operation: operationName(operation), ...finding } as const;
    const key = JSON.stringify([verdict.operation, finding.rule, finding.pointer, finding.place, way]);
    const known = this.#found.get(key);
    const isWorse = !known || order.indexOf(verdict.result) < order.indexOf(known.verdict.result);
    this.#found.set(key, { verdict: isWorse ? verdict : known.verdict, count: (known?.count ?? 0) + 1 });
  }
}
