import type { OpenApiDocument } from '../openapi/document.ts';
import { readOperations } from '../openapi/operations.ts';
import { segmentPattern } from '../openapi/path-template.ts';
import { interactionName, type Contract, type Interaction } from '../pact/model.ts';
import type { Change } from './change.ts';
import { diffSpecifications } from './diff.ts';

/** What a change means for those whose contracts are known. */
interface Impact {
  /** `unknown` where there is no contract with the API, or the change is about all operations. */
  verdict: 'breaks you' | 'does not touch you' | 'unknown';
  /** The interactions that rely on what has changed, each with its contract. */
  interactions: string[];
  /** The client's method, by its operation id; it has none for the operation that issues tokens. */
  methods: string[];
}

/** @param before the specification to which the contracts were made. */
function impactOf(change: Change, before: OpenApiDocument, contracts: readonly Contract[]): Impact {
  const methods = readOperations(before)
    .filter(({ id, issuesTokens }) => id === change.operationId && !issuesTokens)
    .map(({ id }) => id);
  const all = contracts.flatMap(({ file, interactions }) => interactions.map((each) => ({ file, each })));
  if (all.length === 0) return { verdict: 'unknown', interactions: [], methods };
  const touched = all.filter(({ each }) => touches(change, each, before));
  const interactions = touched.map(({ file, each }) => `${file}: ${interactionName(each)}`);
  return { verdict: touched.length > 0 ? 'breaks you' : 'does not touch you', interactions, methods };
}

function touches(
  { operation, part, status, place }: Change,
  interaction: Interaction,
  before: OpenApiDocument,
): boolean {
  if (operation !== undefined && operationOf(interaction, before) !== operation) return false;
  if (part === 'access') return usesAccess(interaction, before);
  if (part !== 'response') return true;
  if (status !== undefined && !isStatus(status, interaction.response.status)) return false;
  return place === undefined || relies(interaction, place);
}

/** A request that shows who it is, or that gets a token. */
function usesAccess(interaction: Interaction, before: OpenApiDocument): boolean {
  const headers = [...interaction.request.headers.keys()].map((name) => name.toLowerCase());
  const operation = operationOf(interaction, before);
  const row = readOperations(before).find(({ method, path }) => `${method.toUpperCase()} ${path}` === operation);
  return headers.includes('authorization') || row?.issuesTokens === true;
}

/** `200`, `2XX` and `default` are documented for 200. */
function isStatus(documented: string, status: number): boolean {
  if (documented === 'default') return true;
  const digits = documented.toUpperCase().replaceAll('X', '');
  return String(status).startsWith(digits);
}

/** Whether the contract's example has something at a place, or at what stands around it. */
function relies({ response: { body } }: Interaction, place: string): boolean {
  if (body.kind !== 'json') return body.kind !== 'absent' && body.kind !== 'empty';
  const steps = place.match(/\.[^.[]+|\[\*\]/g) ?? [];
  let here: unknown[] = [body.value];
  for (const step of steps) {
    here = here.flatMap((value): unknown[] => {
      if (step === '[*]') return Array.isArray(value) ? value : [];
      const fields: Readonly<Record<string, unknown>> = Object(value);
      return Object.hasOwn(fields, step.slice(1)) ? [fields[step.slice(1)]] : [];
    });
  }
  return here.length > 0;
}

/** `GET /path` of the operation that an interaction asks for. */
function operationOf({ request }: Interaction, document: OpenApiDocument): string | undefined {
  const found = readOperations(document).find(({ method, path, serverPath }) => {
    const template = (serverPath + path).split('/');
    const asked = request.path.split('/');
    return (
      method.toUpperCase() === request.method.toUpperCase() &&
      template.length === asked.length &&
      template.every((segment, at) => segmentPattern(segment).test(asked[at] ?? ''))
    );
  });
  return found && `${found.method.toUpperCase()} ${found.path}`;
}

/** What `arzamed diff` tells. */
export interface DiffReport {
  /** The specifications, as the user named them. */
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

/** Compares two specifications, and says of each breaking change whom it touches. */
export function reportDiff(before: Named, after: Named, contracts: readonly Contract[]): DiffReport {
  const changes = diffSpecifications(before.document, after.document).map((change) =>
    change.severity === 'breaking' ? { ...change, impact: impactOf(change, before.document, contracts) } : change,
  );
  return { before: before.name, after: after.name, advice: adviceFor(changes, before, after), changes };
}

function adviceFor(changes: readonly Change[], before: Named, after: Named): DiffReport['advice'] {
  if (changes.some(({ severity }) => severity === 'breaking')) return 'major';
  if (changes.length > 0) return 'minor';
  return JSON.stringify(before.document) === JSON.stringify(after.document) ? 'none' : 'patch';
}
