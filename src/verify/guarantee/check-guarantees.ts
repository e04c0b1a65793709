import type { OpenApiDocument } from '../../openapi/document.ts';
import type { Contract, Interaction } from '../../pact/model.ts';
import { interactionName } from '../../contract/pact/interaction-name.ts';
import type { Verdict } from '../verdict.ts';
import { findOperation } from '../../contract/guarantee/operation/find-operation.ts';
import { operationName } from './operation.ts';
import type { Finding } from './proof/finding.ts';
import { proveLost } from '../../contract/guarantee/prove-lost.ts';
import { proveRequest } from './prove-request.ts';
import { askedScopes } from './token-form.ts';
import { proveResponse } from './prove-response.ts';
import { Schemas } from './proof/schemas.ts';

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
  const asked = askedScopes(contracts.flatMap(({ interactions }) => interactions));
  return contracts.flatMap((contract) => [
    ...contract.interactions.flatMap((interaction) => {
      const base = { net: 'guarantee', contract: contract.file, interaction: interactionName(interaction) } as const;
      const { operation, findings } = judge(schemas, specification, contract, interaction, asked);
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
      sentence: 'The interaction is a message, and OpenAPI describes HTTP alone.',
    })),
  ]);
}

function judge(
  schemas: Schemas,
  specification: OpenApiDocument,
  contract: Contract,
  interaction: Interaction,
  asked: ReturnType<typeof askedScopes>,
): { operation?: string; findings: Finding[] } {
  const { method, path } = interaction.request;
  const search = findOperation(specification, method, path);
  if (search.kind !== 'operation') return { findings: proveLost(specification, interaction, search) };
  const { operation } = search;
  const siblings = contract.interactions.filter((other) => {
    if (other === interaction) return false;
    const found = findOperation(specification, other.request.method, other.request.path);
    return (
      found.kind === 'operation' &&
      found.operation.path === operation.path &&
      found.operation.method === operation.method
    );
  });
  const name = operationName(operation);
  const found: Finding = {
    result: 'holds',
    place: '$.request.path',
    rule: 'path',
    sentence: `The specification has ${name}.`,
  };
  return {
    operation: name,
    findings: [
      found,
      ...proveRequest(schemas, operation, interaction, asked),
      ...proveResponse(schemas, operation, interaction, siblings),
    ],
  };
}

function asPending(finding: Finding, { pending }: Interaction): Finding {
  if (!pending || finding.result !== 'broken') return finding;
  return { ...finding, result: 'not verifiable', sentence: `The interaction is pending. ${finding.sentence}` };
}
