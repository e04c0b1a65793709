import type { Api } from '../../openapi/api.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import { isOutage, type Answer } from '../provider/exchange.ts';
import { withheld } from '../provider/judge-interaction.ts';
import type { Provider } from '../provider/provider.ts';
import type { Account } from './access.ts';
import type { Findings } from './findings.ts';
import type { AnswerFinding } from './judge-answer.ts';
import { toRequest, type Draft } from './requests.ts';
import type { Samples } from './samples.ts';

/** What all checks of one run share. */
export class Run {
  readonly api: Api;
  readonly provider: Provider;
  readonly samples: Samples;
  readonly findings: Findings;
  /** The first is that with which requests are made. */
  readonly accounts: readonly Account[];
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
  async ask(draft: Draft, what: string, account = this.accounts[0]): Promise<Answer | undefined> {
    const answer = await this.#send(draft, account);
    if (!answer) return undefined;
    if (isOutage(answer) && !this.#isDocumented(draft.operation, answer))
      return this.#noteOutage(draft.operation, answer, what);
    if (answer.status < 500) this.#served.add(draft.operation.id);
    return answer;
  }

  /** Whether the operation has answered a valid request. Where it has not, there is nothing to be learned from others. */
  hasServed(operation: Operation): boolean {
    return this.#served.has(operation.id);
  }

  /**
   * Sends a request that is to be refused. An operation that has served a valid request and answers 500 to a wrong one is not
   * down.
   */
  async tempt(draft: Draft, what: string, account = this.accounts[0]): Promise<Answer | undefined> {
    const answer = await this.#send(draft, account);
    if (!answer) return undefined;
    const down = answer.status > 500 || answer.status === 429;
    const failed = answer.status === 500 && !this.#served.has(draft.operation.id);
    return down || failed ? this.#noteOutage(draft.operation, answer, what) : answer;
  }

  async #send(draft: Draft, account: Account | undefined): Promise<Answer | undefined> {
    const { operation } = draft;
    const at = (path: string): URL =>
      operation.issuesTokens && account ? new URL(account.tokenUrl) : this.provider.at(path);
    const outcome = await this.provider.send(toRequest(draft, at));
    if (outcome.kind === 'answer') return outcome;
    const silence = (reason: string): AnswerFinding => ({
      rule: 'answer',
      result: 'unanswered',
      sentence: `The provider ${reason}.`,
    });
    this.note(operation, outcome.kind === 'silence' ? silence(outcome.reason) : withheld(outcome.why));
    return undefined;
  }

  #noteOutage(operation: Operation, { status }: Answer, what: string): undefined {
    const sentence = `${what} is answered ${status} or with a web page, so the provider does not work just now. Try again later.`;
    this.note(operation, { rule: 'answer', result: 'unanswered', sentence });
    return undefined;
  }

  /** A web page is no outage where the specification has web pages. */
  #isDocumented(operation: Operation, { status, headers }: Answer): boolean {
    const { paths } = this.api.document;
    const described = JSON.stringify(paths?.[operation.path] ?? {});
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    return status < 500 && status !== 429 && described.includes(`"${type.trim()}"`);
  }
}
