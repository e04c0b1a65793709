import type { Api } from '../../openapi/api.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import { isOutage, type ProviderResponse } from '../provider/exchange.ts';
import { unanswered, withheld } from '../provider/judge-interaction.ts';
import type { TokenAccount } from '../provider/credentials.ts';
import type { Provider } from '../provider/provider.ts';
import type { ConformanceFindings } from './findings.ts';
import type { AnswerFinding } from './judge-answer.ts';
import { answerTypes, toRequest, type RequestDraft } from './requests.ts';
import type { Samples } from './samples.ts';

/** What all checks of one run share. */
export class Run {
  readonly api: Api;
  readonly provider: Provider;
  readonly samples: Samples;
  readonly findings: ConformanceFindings;
  /** The first is that with which requests are made. */
  readonly accounts: readonly TokenAccount[];
  /** How many valid requests there are for each operation at most. */
  readonly cases: number;
  readonly #served = new Set<string>();

  constructor(parts: Pick<Run, 'api' | 'provider' | 'samples' | 'findings' | 'accounts' | 'cases'>) {
    this.api = parts.api;
    this.provider = parts.provider;
    this.samples = parts.samples;
    this.findings = parts.findings;
    this.accounts = parts.accounts;
    this.cases = parts.cases;
  }

  note(operation: Operation, ...findings: readonly AnswerFinding[]): void {
    for (const finding of findings) this.findings.add({ operation: operationName(operation), ...finding });
  }

  /** Sends a valid request. Gives undefined, and notes why, where no answer of the API came. */
  async ask(draft: RequestDraft, what: string, account = this.accounts[0]): Promise<ProviderResponse | undefined> {
    const answer = await this.#send(draft, account);
    if (!answer) return undefined;
    const { operation } = draft;
    const types = answerTypes(this.api.document, operation, answer.status);
    if (isOutage(answer, { documented: operation.statuses, types })) return this.#noteOutage(operation, answer, what);
    if (answer.status < 500) this.#served.add(operation.id);
    return answer;
  }

  /** Whether the operation has answered a valid request. Where it has not, there is nothing to be learned from others. */
  hasServed(operation: Operation): boolean {
    return this.#served.has(operation.id);
  }

  /** Sends a request that is to be refused, by an operation that has served a valid one. */
  async tempt(draft: RequestDraft, what: string, account = this.accounts[0]): Promise<ProviderResponse | undefined> {
    const answer = await this.#send(draft, account);
    if (!answer) return undefined;
    return isOutage(answer, { hasServed: true }) ? this.#noteOutage(draft.operation, answer, what) : answer;
  }

  async #send(draft: RequestDraft, account: TokenAccount | undefined): Promise<ProviderResponse | undefined> {
    const { operation } = draft;
    const at = (path: string): URL =>
      operation.issuesTokens && account ? new URL(account.tokenUrl) : this.provider.at(path);
    const outcome = await this.provider.send(toRequest(draft, at));
    if (outcome.kind === 'answer') return outcome;
    this.note(operation, outcome.kind === 'silence' ? unanswered(outcome.reason) : withheld(outcome.why));
    return undefined;
  }

  #noteOutage(operation: Operation, { status }: ProviderResponse, what: string): undefined {
    const sentence = `${what} is answered ${status} or with a web page, so the provider does not work just now. Try again later.`;
    this.note(operation, { rule: 'answer', result: 'unanswered', sentence });
    return undefined;
  }
}
