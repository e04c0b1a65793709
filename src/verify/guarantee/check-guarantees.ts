import type { OpenApiDocument } from '../../openapi/document.ts';
import { OperationFinder, type Search } from '../../openapi/match.ts';
import { barePaths, operationName, readOperations, type Operation } from '../../openapi/operations.ts';
import { interactionName, type Contract, type Interaction } from '../../pact/model.ts';
import { toPointer } from '../../util/json.ts';
import type { Verdict } from '../verdict.ts';
import { foundIn } from './operation.ts';
import { broken, holds, undecided, type PlaceVerdict } from './proof/place-verdict.ts';
import { Schemas } from './proof/schemas.ts';
import { isTokenPath, proveTokenRequest } from './prove-oauth.ts';
import { proveRequest } from './prove-request.ts';
import { proveResponse } from './prove-response.ts';
import { askedScopes } from './token-form.ts';

/**
 * Proves, interaction by interaction and place by place, that a specification allows what the contracts send, and guarantees
 * what they rely on. Nothing is sent anywhere.
 *
 * `holds` is said only after a proof, `broken` only with a counterexample or a plain contradiction; the rest is
 * `not verifiable`, with the reason. Pending interactions are never `broken`.
 * @param specification in one piece, as `readSpec()` gives it.
 */
export function checkGuarantees(specification: OpenApiDocument, contracts: readonly Contract[]): Verdict[] {
  const schemas = new Schemas(specification);
  const finder = new OperationFinder(readOperations(specification), barePaths(specification));
  const asked = askedScopes(contracts.flatMap(({ interactions }) => interactions));
  return contracts.flatMap((contract) => [
    ...searchEach(finder, contract).flatMap(({ interaction, search, siblings }) => {
      const base = { net: 'guarantee', contract: contract.file, interaction: interactionName(interaction) } as const;
      const { operation, findings } = judge(schemas, specification, interaction, search, siblings, asked);
      return findings.map((finding): Verdict => ({
        ...base,
        ...(operation === undefined ? {} : { operation }),
        ...asPending(finding, interaction),
      }));
    }),
    ...contract.messages.map((message): Verdict => ({
      net: 'guarantee',
      result: 'not verifiable',
      contract: contract.file,
      interaction: interactionName(message),
      rule: 'interaction',
      sentence: 'The interaction is a message; OpenAPI describes only HTTP.',
    })),
  ]);
}

/** What is found for each interaction of a contract, and the others that are for the same operation. */
function searchEach(
  finder: OperationFinder<Operation>,
  { interactions }: Contract,
): { interaction: Interaction; search: Search<Operation>; siblings: Interaction[] }[] {
  const searched = interactions.map((interaction) => {
    const { method, path } = interaction.request;
    return { interaction, search: finder.find(method, path) };
  });
  return searched.map(({ interaction, search }) => {
    const siblings = searched.filter(
      (other) =>
        other.interaction !== interaction &&
        other.search.kind === 'operation' &&
        search.kind === 'operation' &&
        other.search.operation === search.operation,
    );
    return { interaction, search, siblings: siblings.map((each) => each.interaction) };
  });
}

function judge(
  schemas: Schemas,
  specification: OpenApiDocument,
  interaction: Interaction,
  search: Search<Operation>,
  siblings: readonly Interaction[],
  asked: ReturnType<typeof askedScopes>,
): { operation?: string; findings: PlaceVerdict[] } {
  if (search.kind !== 'operation') return { findings: proveLost(specification, interaction, search) };
  const operation = foundIn(specification, search);
  const name = operationName(operation);
  return {
    operation: name,
    findings: [
      holds({ place: '$.request.path', rule: 'path' }, `The specification defines ${name}.`),
      ...proveRequest(schemas, operation, interaction, asked),
      ...proveResponse(schemas, operation, interaction, siblings),
    ],
  };
}

function asPending(finding: PlaceVerdict, { pending }: Interaction): PlaceVerdict {
  if (!pending || finding.result !== 'broken') return finding;
  return undecided(finding, `The interaction is pending. ${finding.sentence}`);
}

/** What is to be said of a request for which the specification has no operation. */
function proveLost(
  specification: OpenApiDocument,
  { request, response }: Interaction,
  search: Exclude<Search<Operation>, { kind: 'operation' }>,
): PlaceVerdict[] {
  if (search.kind === 'no method') {
    const at = { place: '$.request.method', rule: 'method', pointer: toPointer(['paths', search.path]) };
    const lacks = `The specification defines no ${request.method} for ${search.path}, and the contract expects 405.`;
    if (response.status === 405) return [holds(at, lacks)];
    const sentence = `The contract sends ${request.method}; the specification defines ${search.methods.join(', ') || 'no method'} for ${search.path}.`;
    return [broken(at, sentence)];
  }
  const token = proveTokenRequest(specification, request, undefined);
  const at = { place: '$.request.path', rule: 'path', pointer: '/paths' };
  if (isTokenPath(specification, request.path)) {
    const sentence = 'The specification names this path as a token URL but does not describe its responses.';
    return [undecided(at, sentence), ...token];
  }
  if (response.status === 404)
    return [holds(at, 'The specification does not define this path, and the contract expects 404.')];
  const hint = search.near === undefined ? '' : ` Did you mean ${search.near}?`;
  return [broken(at, `The specification does not define the path ${request.path}.${hint}`), ...token];
}
