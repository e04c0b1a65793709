import { accountWord, inWordsOf } from '../clinics/account.ts';
import { notFound } from '../control/control-error.ts';
import { servedOperations } from '../routing/paths.ts';
import type { Answered, JournalEntry } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { causes, type CauseCode, type CauseEntry, type Whose } from './causes.ts';
import type { Finding } from './findings.ts';
import type { ClientRequirement } from './requirements.ts';

/** Why something was answered or reported. */
export interface Explanation {
  /** A stable code: the reason of a refusal, the rule of a finding, or what a fault does. */
  cause: string;
  kind: CauseEntry['kind'];
  severity: Finding['severity'];
  /** One sentence. */
  happened: string;
  whose: Whose;
  /** What to do. */
  remedy: string;
  /** Where that is documented. */
  source: string;
}

/** All that shows a cause. */
export interface ExplainedCause extends Explanation {
  count: number;
  /** On the mock's clock. */
  firstTime: string;
  lastTime: string;
  /** The keys of the clients, the first twenty. */
  clientIds: string[];
  /** The ids of the journal's entries, the last twenty. */
  entries: number[];
}

/** The whole story of a request. */
export interface Story {
  entry: JournalEntry;
  explanations: Explanation[];
  /** What was checked, in this order, as far as it came. */
  checks: Check[];
  /** What the fault that struck it does, in a few words. */
  effect: string | undefined;
  /** The id of the entry whose answer was the token. */
  tokenRequest: number | undefined;
  /** The ids of neighbouring entries of the same key or clinic. */
  before: number[];
  after: number[];
}

interface Check {
  check: 'path' | 'credentials' | 'fault' | 'specification' | 'answer';
  passed: boolean;
  text: string;
}

const mostIds = 20;
const mostNeighbours = 5;
/** Violations are told apart, but may hold what clients send. */
const mostGroups = 100;

/** Explains the requests of a sandbox, its findings and faults: from the journal, only when it is asked. */
export class Explanations {
  readonly #current: () => Sandbox;

  /** @internal @param current returns the sandbox that exists since the last reset. */
  constructor(current: () => Sandbox) {
    this.#current = current;
  }

  /** Findings, refusals and faults by cause, the gravest and latest first. */
  async list(): Promise<ExplainedCause[]> {
    const sandbox = this.#current();
    const explain = await explainerOf(sandbox);
    const found = [...sandbox.findings.withLatest()];
    const groups = new Map<string, ExplainedCause>();
    for (const entry of sandbox.journal.find()) {
      const { id, time, clientId } = entry;
      for (const explanation of explain.entry(entry)) {
        const group = groupOf(explanation);
        const key = groups.has(group) || groups.size < mostGroups ? group : explanation.cause;
        add(groups, key, explanation, { id, time, clientId, count: 1 });
      }
    }
    for (const [key, { cause }] of groups) {
      const rule = ruleOf(cause);
      if (found.some(({ finding }) => finding.id === rule)) groups.delete(key);
    }
    for (const { finding, latest } of found) {
      const { id, clientId, times, entries } = finding;
      const explanation = explain.finding(finding);
      const first = sandbox.journal.from(entries[0] ?? 0);
      const time = new Date(latest.time).toISOString();
      const firstTime = first?.id === entries[0] ? first?.time : undefined;
      add(groups, id, explanation, { ...latest, time, clientId, count: times, firstTime, before: entries });
    }
    return [...groups.values()].toSorted(
      (a, b) => weight[b.severity] - weight[a.severity] || b.lastTime.localeCompare(a.lastTime),
    );
  }

  /** @internal What explains the answer to a request, but for what a finding tells. */
  async explain(entry: Answered): Promise<Explanation[]> {
    const explain = await explainerOf(this.#current());
    return explain.entry(entry).filter(({ cause }) => ruleOf(cause) === undefined);
  }

  /** The story of a request. @throws ControlError `not_found` if the journal has no entry with the id. */
  async of(id: number): Promise<Story> {
    const sandbox = this.#current();
    const { journal } = sandbox;
    const entry = journal.from(id);
    if (entry?.id !== id) throw notFound('journal entry', String(id), []);
    const explain = await explainerOf(sandbox);
    const { tokenId, clientId, clinic, fault } = entry;
    const findings = sandbox.findings.list().filter(({ entries }) => entries.includes(id));
    const related =
      clientId === undefined && clinic === undefined
        ? []
        : journal.find(clientId === undefined ? { clinic } : { clientId });
    const ids = related.map((each) => each.id);
    const issuing = new Set(servedOperations(sandbox.api).flatMap((each) => (each.issuesTokens ? [each.id] : [])));
    const ofToken = tokenId === undefined ? [] : journal.find({ tokenId });
    return {
      entry,
      explanations: [...explain.entry(entry), ...findings.map((finding) => explain.finding(finding))],
      checks: checksOf(sandbox, entry),
      effect: fault === undefined ? undefined : sandbox.faults.known(fault)?.effect,
      tokenRequest: ofToken.find((each) => each.id !== id && issuing.has(each.operationId ?? ''))?.id,
      before: ids.filter((each) => each < id).slice(-mostNeighbours),
      after: ids.filter((each) => each > id).slice(0, mostNeighbours),
    };
  }
}

const weight: Record<Explanation['severity'], number> = { info: 0, warn: 1, error: 2 };

/** The rule of findings that stands for a cause. */
function ruleOf(cause: string): string | undefined {
  return Object.entries(causes).find(([id]) => id === cause)?.[1].rule;
}

/** What is explained by one sentence. */
function groupOf({ cause, happened }: Explanation): string {
  return `${cause} ${happened}`;
}

interface Shown {
  id: number;
  time: string;
  clientId: string | undefined;
  count: number;
  firstTime?: string | undefined;
  before?: readonly number[];
}

function add(
  groups: Map<string, ExplainedCause>,
  key: string,
  explanation: Explanation,
  { id, time, clientId, count, firstTime = time, before = [] }: Shown,
): void {
  const known = groups.get(key);
  const ids = [...new Set([...(known?.entries ?? []), ...before, id])].toSorted((a, b) => a - b);
  const clients = [...(known?.clientIds ?? []), ...(clientId === undefined ? [] : [clientId])];
  groups.set(key, {
    ...(known ?? explanation),
    count: (known?.count ?? 0) + count,
    firstTime: known && known.firstTime < firstTime ? known.firstTime : firstTime,
    lastTime: known && known.lastTime > time ? known.lastTime : time,
    clientIds: [...new Set(clients)].slice(0, mostIds),
    entries: ids.slice(-mostIds),
  });
}

/** Explains what a sandbox shows, in the words of its document. */
interface Explain {
  entry: (entry: Answered) => Explanation[];
  finding: (finding: Finding) => Explanation;
}

/** Reads what the requirements say, once for each document. */
async function explainerOf(sandbox: Sandbox): Promise<Explain> {
  const { api } = sandbox;
  const word = accountWord(api);
  const reading = read.get(api) ?? readFor(api);
  read.set(api, reading);
  const requirements = new Map((await reading).map((each) => [each.id, each]));
  const explained = new Map<CauseCode, Explanation>();
  const explainCause = (cause: CauseCode): Explanation => {
    const known = explained.get(cause) ?? explanationOf(cause, causes[cause], requirements);
    explained.set(cause, known);
    const { happened, remedy } = known;
    return { ...known, happened: inWordsOf(word, happened), remedy: inWordsOf(word, remedy) };
  };
  return {
    entry: (entry) =>
      causesIn(sandbox, entry).map((cause) => {
        const explanation = explainCause(cause);
        const [violation] = cause === 'violation' ? (entry.violations ?? []) : [];
        if (violation === undefined) return explanation;
        return { ...explanation, happened: `${explanation.happened.replace(/\.$/, '')}: ${violation}` };
      }),
    finding: ({ id, severity, message, remedy, source }) => ({
      cause: id,
      kind: 'finding',
      severity,
      happened: message,
      whose: 'program',
      remedy,
      source,
    }),
  };
}

const read = new WeakMap<Sandbox['api'], Promise<ClientRequirement[]>>();

/** Imported late: a mock that explains nothing reads no YAML for it. */
async function readFor({ document }: Sandbox['api']): Promise<ClientRequirement[]> {
  const { readRequirements } = await import('./requirements.ts');
  return (await readRequirements(document)).requirements;
}

function explanationOf(
  cause: CauseCode,
  { kind, severity, happened, whose, remedy, source, requirement = '' }: CauseEntry,
  requirements: ReadonlyMap<string, ClientRequirement>,
): Explanation {
  const { change = '', sources = [] } = requirements.get(requirement) ?? {};
  // The vendor's own statement comes first.
  const [said, rfc] = sources.length > 1 ? sources : [undefined, sources[0]];
  const documented = source ?? rfc ?? `docs/certify.md, ${requirement}`;
  return {
    cause,
    kind,
    severity,
    happened,
    whose,
    remedy: remedy ?? change,
    source: said === undefined ? documented : `${said} (${documented})`,
  };
}

/** The causes that a request shows by itself; what the findings show is theirs. */
function causesIn({ api, faults }: Sandbox, entry: Answered): CauseCode[] {
  const { fault, reason, status, broken, violations, operationId } = entry;
  const kind = fault === undefined ? undefined : faults.known(fault)?.kind;
  const struck: CauseCode[] = kind === undefined ? [] : [`fault_${kind}`];
  if (fault === 'prefer') struck.push('fault_prefer');
  if (reason !== undefined) return [...struck, reason];
  if (violations && (status ?? 0) >= 400 && struck.length === 0) return ['violation'];
  if (struck.length > 0) return struck;
  if (fault !== undefined) return ['fault_status'];
  if (status === undefined || broken) return ['connection_lost'];
  if (status < 400) return [];
  if (status === 406) return ['not_acceptable'];
  const operation = api.operations.find(({ id }) => id === operationId);
  const { statuses = [] } = operation ?? {};
  const hasSuccess = statuses.length === 0 || statuses.some((each) => !/^[345]/.test(each));
  return [hasSuccess ? 'given_answer' : 'no_success_documented'];
}

const ofCredentials = /token|credentials|key|scope|client|sandbox|grant|clinic$/;

function checksOf({ faults }: Sandbox, entry: JournalEntry): Check[] {
  const { operationId, method, path, reason, clientId, fault, violations, status, broken, authentication } = entry;
  const checks: Check[] = [];
  const found = operationId !== undefined;
  const isPublished = !found && reason === undefined;
  const aim = found ? `the operation ${operationId}` : isPublished ? 'what the mock itself publishes' : 'no operation';
  checks.push({ check: 'path', passed: found || isPublished, text: `${method} ${path} is ${aim}.` });
  if (!found) return checks;
  const effect = fault === undefined || fault === 'prefer' ? undefined : (faults.known(fault)?.effect ?? fault);
  if (effect !== undefined) checks.push({ check: 'fault', passed: false, text: `A fault struck it: ${effect}.` });
  const isRefused = reason !== undefined && ofCredentials.test(reason);
  if (effect === undefined || reason !== undefined || (status ?? 500) < 400) {
    const shown = authentication === undefined ? 'No credentials' : `The credentials (${authentication})`;
    const whose = clientId === undefined ? '' : ` of ${clientId}`;
    const verdict = isRefused ? `were refused: ${causes[reason].happened}` : 'were accepted.';
    if (isRefused || authentication !== undefined)
      checks.push({ check: 'credentials', passed: !isRefused, text: `${shown}${whose} ${verdict}` });
  }
  if (isRefused) return checks;
  const [violation] = violations ?? [];
  const text =
    violation === undefined
      ? 'The request is as the document says.'
      : `The request violates the document: ${violation}`;
  checks.push({ check: 'specification', passed: violation === undefined, text });
  const answer =
    status === undefined
      ? 'No answer was sent.'
      : `The answer has the status ${status}${broken ? ', and was broken off' : ''}.`;
  checks.push({ check: 'answer', passed: status !== undefined && !broken && status < 400, text: answer });
  return checks;
}
