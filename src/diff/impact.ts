import type { OpenApiDocument } from '../openapi/document.ts';
import { OperationFinder } from '../openapi/match.ts';
import { operationName, readOperations, type Operation } from '../openapi/operations.ts';
import { documentedStatus } from '../openapi/responses.ts';
import { interactionName, type Contract, type Interaction } from '../pact/model.ts';
import { valueAt } from '../util/json.ts';
import type { Change } from './change.ts';
import { diffSpecifications } from './diff.ts';

interface Impact {
  /** `unknown` where there is no contract with the API, or the change is about all operations. */
  verdict: 'breaks you' | 'does not touch you' | 'unknown';
  interactions: string[];
  /** The client's method, by its operation id; it has none for the operation that issues tokens. */
  methods: string[];
}

interface Asking {
  name: string;
  interaction: Interaction;
  operation: Operation | undefined;
}

function askingOf(operations: readonly Operation[], contracts: readonly Contract[]): Asking[] {
  const finder = new OperationFinder(operations);
  return contracts.flatMap(({ file, interactions }) =>
    interactions.map((interaction) => {
      const { method, path, query } = interaction.request;
      const found = finder.find(method, path, query);
      const operation = found.kind === 'operation' ? found.operation : undefined;
      return { name: `${file}: ${interactionName(interaction)}`, interaction, operation };
    }),
  );
}

/** @param operations those of the specification to which the contracts were made. */
function impactOf(change: Change, operations: readonly Operation[], all: readonly Asking[]): Impact {
  const methods = operations.flatMap(({ id, issuesTokens }) =>
    id === change.operationId && !issuesTokens ? [id] : [],
  );
  if (all.length === 0) return { verdict: 'unknown', interactions: [], methods };
  const interactions = all.filter((each) => touches(change, each)).map(({ name }) => name);
  return { verdict: interactions.length > 0 ? 'breaks you' : 'does not touch you', interactions, methods };
}

function touches({ operation: changed, part, status, place }: Change, { interaction, operation }: Asking): boolean {
  if (changed !== undefined && (!operation || operationName(operation) !== changed)) return false;
  if (part === 'access') return operation?.issuesTokens === true || interaction.request.headers.has('authorization');
  if (part !== 'response') return true;
  const own = documentedStatus(operation?.statuses ?? [], interaction.response.status);
  if (status !== undefined && own !== status) return false;
  return place === undefined || relies(interaction, place);
}

/** Whether the contract's example has something at a place, or at what stands around it. */
function relies({ response: { body } }: Interaction, place: string): boolean {
  if (body.kind !== 'json') return body.kind !== 'absent' && body.kind !== 'empty';
  const steps = place.match(/\.[^.[]+|\[\*\]/g) ?? [];
  let here: unknown[] = [body.value];
  for (const step of steps) {
    here = here.flatMap((value): unknown[] => {
      if (step === '[*]') return Array.isArray(value) ? value : [];
      const inner = valueAt(value, [step.slice(1)]);
      return inner === undefined ? [] : [inner];
    });
  }
  return here.length > 0;
}

export interface DiffReport {
  before: string;
  after: string;
  /** What the next version of the specification should count up (semver.org). */
  advice: 'major' | 'minor' | 'patch' | 'none';
  changes: (Change & { impact?: Impact })[];
}

interface Named {
  name: string;
  document: OpenApiDocument;
}

/** Compares two specifications, with the contracts that each breaking change affects. */
export function reportDiff(before: Named, after: Named, contracts: readonly Contract[]): DiffReport {
  const operations = readOperations(before.document);
  const asking = askingOf(operations, contracts);
  const changes = diffSpecifications(before.document, after.document).map((change) =>
    change.severity === 'breaking' ? { ...change, impact: impactOf(change, operations, asking) } : change,
  );
  return { before: before.name, after: after.name, advice: adviceFor(changes, before, after), changes };
}

function adviceFor(changes: readonly Change[], before: Named, after: Named): DiffReport['advice'] {
  if (changes.some(({ severity }) => severity === 'breaking')) return 'major';
  if (changes.length > 0) return 'minor';
  return JSON.stringify(before.document) === JSON.stringify(after.document) ? 'none' : 'patch';
}
