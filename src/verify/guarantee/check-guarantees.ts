import type { OpenApiDocument } from '../../openapi/document.ts';
import { OperationFinder, type Search } from '../../openapi/match.ts';
import { barePaths, operationName, readOperations, type Operation } from '../../openapi/operations.ts';
import { ParameterReader } from '../../openapi/parameters.ts';
import { TextValues } from '../../openapi/values/text-values.ts';
import { interactionName, type Contract, type Interaction } from '../../pact/model.ts';
import { toPointer } from '../../util/json.ts';
import { asPending, beyondHttp, type Verdict } from '../verdict.ts';
import { broken, holds, undecided, type PlaceVerdict } from './proof/place-verdict.ts';
import { Schemas } from './proof/schemas.ts';
import { isTokenPath, proveTokenRequest } from './prove-oauth.ts';
import type { FoundOperation } from './prove-parameters.ts';
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
  const requests = new Schemas(specification, 'request');
  const schemas = new Schemas(specification, 'answer');
  const read = { schemas, requests, parameterValues: new ParameterReader(new TextValues(requests)) };
  const finder = new OperationFinder(readOperations(specification), barePaths(specification));
  const asked = askedScopes(contracts.flatMap(({ interactions }) => interactions));
  return contracts.flatMap(({ file, interactions, messages }) => {
    const beyond = [...interactions.filter(({ plugins }) => plugins.length > 0), ...messages];
    const provable = interactions.filter(({ plugins }) => plugins.length === 0);
    const searched = provable.map((interaction) => {
      const { method, path, query } = interaction.request;
      return { interaction, search: finder.find(method, path, query) };
    });
    const together = Map.groupBy(searched, ({ search }) =>
      search.kind === 'operation' ? search.operation : undefined,
    );
    return [
      ...searched.flatMap(({ interaction, search }) => {
        const base = { net: 'guarantee', contract: file, interaction: interactionName(interaction) } as const;
        if (search.kind !== 'operation') {
          const lost = proveLost(specification, interaction, search);
          return lost.map((finding): Verdict => ({ ...base, ...judged(finding, interaction) }));
        }
        const found: FoundOperation = { ...search.operation, ...read, pathValues: search.parameters };
        const operation = operationName(found);
        const siblings = (together.get(search.operation) ?? []).flatMap((other) =>
          other.interaction === interaction ? [] : [other.interaction],
        );
        const findings = [
          holds({ place: '$.request.path', rule: 'path' }, `The specification defines ${operation}.`),
          ...proveRequest(found, interaction, asked),
          ...proveResponse(found, interaction, siblings),
        ];
        return findings.map((finding): Verdict => ({ ...base, operation, ...judged(finding, interaction) }));
      }),
      ...beyond.map((each): Verdict => ({
        net: 'guarantee',
        result: 'not verifiable',
        contract: file,
        interaction: interactionName(each),
        rule: 'interaction',
        sentence: beyondHttp(each) ?? '',
      })),
    ];
  });
}

function judged(finding: PlaceVerdict, { pending }: Interaction): PlaceVerdict {
  return pending ? asPending(finding) : finding;
}

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
