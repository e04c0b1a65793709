import type { OpenApiDocument } from '../openapi/document.ts';
import { follow } from '../openapi/look-up.ts';
import { OperationFinder } from '../openapi/match.ts';
import { operationName, readOperations, type Operation } from '../openapi/operations.ts';
import { documentedStatus } from '../openapi/responses.ts';
import { SchemaChecker } from '../openapi/schema-checker.ts';
import { interactionName, type Contract, type Interaction } from '../pact/model.ts';
import { valueAt } from '../util/json.ts';
import { acceptedTypes, essence, isWithin } from '../util/media-type.ts';
import type { Change } from './change.ts';
import { diffSpecifications, pointerOf, type PlacedChange } from './diff.ts';

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
  /** The values in its path. */
  parameters: Readonly<Record<string, string>>;
}

/** The interactions of contracts, by the operation that each calls. */
class Askers {
  readonly #all: readonly Asking[];
  readonly #byOperation: ReadonlyMap<string, readonly Asking[]>;
  readonly #operations: readonly Operation[];
  readonly #after: OpenApiDocument;
  readonly #checker: SchemaChecker;

  constructor(before: OpenApiDocument, after: OpenApiDocument, contracts: readonly Contract[]) {
    this.#operations = readOperations(before);
    this.#after = after;
    this.#checker = new SchemaChecker(after);
    const finder = new OperationFinder(this.#operations);
    this.#all = contracts.flatMap(({ file, interactions }) =>
      interactions.map((interaction): Asking => {
        const { method, path, query } = interaction.request;
        const found = finder.find(method, path, query);
        const called = found.kind === 'operation' ? found : { operation: undefined, parameters: {} };
        return { name: `${file}: ${interactionName(interaction)}`, interaction, ...called };
      }),
    );
    const byOperation = new Map<string, Asking[]>();
    for (const asking of this.#all) {
      const name = asking.operation ? operationName(asking.operation) : '';
      byOperation.set(name, [...(byOperation.get(name) ?? []), asking]);
    }
    this.#byOperation = byOperation;
  }

  impact(change: PlacedChange): Impact {
    const { operation, operationId } = change;
    const methods = this.#operations.flatMap(({ id, issuesTokens }) =>
      id === operationId && !issuesTokens ? [id] : [],
    );
    if (this.#all.length === 0) return { verdict: 'unknown', interactions: [], methods };
    const asking = operation === undefined ? this.#all : (this.#byOperation.get(operation) ?? []);
    const interactions = asking.filter((each) => this.#touches(change, each)).map(({ name }) => name);
    return { verdict: interactions.length > 0 ? 'breaks you' : 'does not touch you', interactions, methods };
  }

  #touches(change: PlacedChange, { interaction, operation, parameters }: Asking): boolean {
    const { part, status, contentType } = change;
    const { request, response } = interaction;
    if (part === 'access') return operation?.issuesTokens === true || request.headers.has('authorization');
    if (part === 'request') return this.#touchesRequest(change, interaction, parameters);
    if (part !== 'response') return true;
    const own = documentedStatus(operation?.statuses ?? [], response.status);
    if (status !== undefined && own?.toLowerCase() !== status.toLowerCase()) return false;
    if (change.parameter !== undefined) return response.headers.has(change.parameter);
    if (contentType !== undefined && !readsType(interaction, contentType)) return false;
    return change.place === undefined || relies(response.body, change.place);
  }

  /** What a contract sends as it may be sent still is not touched. */
  #touchesRequest(
    { rule, parameter, contentType, place, schema }: PlacedChange,
    { request }: Interaction,
    inPath: Asking['parameters'],
  ): boolean {
    if (parameter !== undefined) {
      const { isSent, text } = sentOf(request, parameter, inPath);
      if (rule === 'required-parameter-added' || rule === 'parameter-required' || rule === 'parameter-default')
        return !isSent;
      if (!isSent) return false;
      return rule.startsWith('parameter-') || text === undefined || !this.#takes(schema, text, true);
    }
    const { body } = request;
    if (rule === 'body-required') return body.kind === 'absent' || body.kind === 'empty';
    if (body.kind === 'absent' || body.kind === 'empty') return false;
    if (contentType !== undefined && request.contentType !== undefined && !isWithin(request.contentType, contentType))
      return false;
    if (place === undefined || body.kind !== 'json') return true;
    if (rule.endsWith('-removed')) return relies(body, place);
    return !this.#takes(schema, body.value, false);
  }

  #takes(schema: PlacedChange['schema'], value: unknown, asTexts: boolean): boolean {
    if (!schema) return false;
    try {
      const at = follow(this.#after, schema);
      const ways = asTexts ? [false, true] : [false];
      return ways.some((each) => this.#checker.checkRequest(at, value, each).length === 0);
    } catch {
      return false;
    }
  }
}

/** What a contract sends by the name of a parameter such as `page (query)`; no text where it is not one alone. */
function sentOf(
  { query, headers }: Interaction['request'],
  parameter: string,
  inPath: Asking['parameters'],
): { isSent: boolean; text?: string | undefined } {
  const [, name = '', place] = /^(.*) \((\w+)\)$/.exec(parameter) ?? [];
  if (place === 'query') {
    const values = query.get(name) ?? [...query].find(([key]) => key.startsWith(`${name}[`))?.[1];
    return { isSent: values !== undefined, text: values?.length === 1 ? (values[0] ?? undefined) : undefined };
  }
  if (place === 'header') {
    const header = headers.get(name.toLowerCase());
    return { isSent: header !== undefined, text: header?.values.length === 1 ? header.values[0] : undefined };
  }
  if (place === 'cookie')
    return { isSent: headers.get('cookie')?.values.some((each) => each.includes(`${name}=`)) === true };
  return { isSent: true, text: inPath[name] };
}

/** Whether a contract asks for a media type, or was answered in it. */
function readsType({ request, response }: Interaction, type: string): boolean {
  const { contentType } = response;
  if (contentType !== undefined) return isWithin(contentType, type) || isWithin(type, contentType);
  const accepted = acceptedTypes(request.headers.get('accept')?.values.join(','));
  return accepted.some((range) => isWithin(type, range) || isWithin(essence(range), type));
}

/** Whether the contract's example has something at a place, or at what stands around it. */
function relies(body: Interaction['response']['body'], place: string): boolean {
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
  const asking = new Askers(before.document, after.document, contracts);
  const changes = diffSpecifications(before.document, after.document).map((found) => {
    const { schema: _, steps: __, ...rest } = found;
    const change = { ...rest, pointer: pointerOf(after.document, found) };
    return change.severity === 'breaking' ? { ...change, impact: asking.impact(found) } : change;
  });
  return { before: before.name, after: after.name, advice: adviceFor(changes, before, after), changes };
}

function adviceFor(changes: readonly Change[], before: Named, after: Named): DiffReport['advice'] {
  if (changes.some(({ severity }) => severity === 'breaking')) return 'major';
  if (changes.length > 0) return 'minor';
  return JSON.stringify(before.document) === JSON.stringify(after.document) ? 'none' : 'patch';
}
