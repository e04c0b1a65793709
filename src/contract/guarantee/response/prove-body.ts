import { toPointer } from '../../../util/json.ts';
import type { Interaction } from '../../../pact/model.ts';
import { compileBody } from '../../../matching/compile.ts';
import type { Demand } from '../../../matching/demand.ts';
import type { Part } from '../../../verify/guarantee/operation.ts';
import type { Finding } from '../../../verify/guarantee/proof/finding.ts';
import { prove } from '../../../verify/guarantee/proof/prove.ts';
import type { Schemas } from '../../../verify/guarantee/proof/schemas.ts';

const place = '$.response.body';

/** Proves of the body that it is always as the contract demands. */
export function proveBody(
  schemas: Schemas,
  mediaType: Part,
  interaction: Interaction,
  siblings: readonly Interaction[],
): Finding[] {
  const { body } = interaction.response;
  if (body.kind === 'absent' || body.kind === 'empty') return [];
  const pointer = toPointer(mediaType.steps);
  const demand = demandOf(interaction);
  if (!demand) {
    const sentence = 'The body is neither JSON nor text, and nothing but its content type was looked at.';
    return [{ result: 'not verifiable', place, pointer, rule: 'body', sentence }];
  }
  if (mediaType.fields['schema'] === undefined) {
    const sentence = 'The specification has no schema for this body, so it guarantees nothing of it.';
    return [{ result: 'not verifiable', place, pointer, rule: 'body', sentence }];
  }
  const root = [...mediaType.steps, 'schema'];
  return prove(
    schemas,
    root,
    demand,
    siblings.flatMap((sibling) => demandOf(sibling) ?? []),
  );
}

function demandOf({ response: { body, rules, contentType } }: Interaction): Demand | undefined {
  if (body.kind === 'json') return compileBody(body.value, rules.body, place);
  const plain = body.kind === 'text' && !/x-www-form-urlencoded|multipart|xml/i.test(contentType ?? '');
  return plain ? compileBody(body.text, rules.body, place) : undefined;
}
