import { toPointer } from '../../../util/json.ts';
import type { Interaction } from '../../../pact/model.ts';
import { conditionOf } from '../demand/conditions.ts';
import { textsOf } from '../demand/texts.ts';
import { isOf } from '../../../matching/regex/find-text.ts';
import { acceptedTypes, essence, findMediaType, isWithin } from '../../../util/media-type.ts';
import { partsBelow, type FoundOperation, type Part } from '../../../verify/guarantee/operation.ts';
import type { Finding } from '../../../verify/guarantee/proof/finding.ts';

export interface ProvedType {
  findings: Finding[];
  /** The described media type of the body that the contract expects. */
  mediaType?: Part;
}

/** Proves that the body comes as the media type that the contract expects. */
export function proveContentType(operation: FoundOperation, response: Part, interaction: Interaction): ProvedType {
  const { contentType, body } = interaction.response;
  const described = partsBelow(operation.document, [...response.steps, 'content']);
  const at = {
    place: "$.response.headers['Content-Type']",
    rule: 'content type',
    pointer: toPointer([...response.steps, 'content']),
  };
  if (body.kind === 'empty') return { findings: [proveNone(described, toPointer(response.steps))] };
  if (contentType === undefined && body.kind === 'absent') return { findings: [] };
  if (described.size === 0) {
    const sentence = 'The contract expects a body, and the specification describes none for this status.';
    return { findings: [{ ...at, result: 'broken', pointer: toPointer(response.steps), sentence }] };
  }
  const wanted = contentType ?? (body.kind === 'json' ? 'application/json' : 'text/plain');
  const found = findMediaType(described.keys(), wanted);
  const mediaType = found === undefined ? undefined : described.get(found);
  if (found === undefined || !mediaType) {
    const sentence = `The contract expects ${essence(wanted)}, and the specification describes ${[...described.keys()].join(', ')}.`;
    return { findings: [{ ...at, result: 'broken', sentence }] };
  }
  return { findings: [{ ...at, ...judge(interaction, found, [...described.keys()]) }], mediaType };
}

function proveNone(described: ReadonlyMap<string, unknown>, pointer: string): Finding {
  const at = { place: '$.response.body', rule: 'body', pointer };
  if (described.size === 0)
    return { ...at, result: 'holds', sentence: 'The specification describes no body, and the contract expects none.' };
  return { ...at, result: 'broken', sentence: 'The contract expects no body, and the specification describes one.' };
}

function judge(
  { request, response }: Interaction,
  found: string,
  described: readonly string[],
): Pick<Finding, 'result' | 'sentence'> {
  const accepts = acceptedTypes(request.headers.get('accept')?.values.join(','));
  const rules = response.rules.header.get('content-type');
  const header = response.headers.get('content-type')?.values[0];
  // Without a rule, Pact lets a header have more parameters than the example.
  const texts = rules && header !== undefined ? textsOf(conditionOf(rules, header), true) : undefined;
  const keeps = (type: string): boolean =>
    texts ? isOf(texts, type) === true : header === undefined || essence(type) === essence(header);
  const others = described.filter(
    (each) => each !== found && accepts.some((range) => isWithin(each, range) || isWithin(range, each)) && !keeps(each),
  );
  if (others.length > 0) {
    const sentence = `The specification describes ${others.join(', ')} as well, and nothing in the request says that it is not wanted.`;
    return { result: 'not verifiable', sentence };
  }
  if (found.includes('*'))
    return {
      result: 'not verifiable',
      sentence: `The specification describes ${found}, which may be another type than the contract expects.`,
    };
  if (!keeps(found))
    return { result: 'broken', sentence: `The specification describes ${found}, and the contract refuses it.` };
  const more = [`${found}; charset=utf-8`, `${found};charset=UTF-8`].filter(
    (each) => !found.includes(';') && !keeps(each),
  );
  if (more.length === 0) return { result: 'holds', sentence: `The specification describes ${found}.` };
  return {
    result: 'not verifiable',
    sentence: `The specification describes ${found} and says nothing of parameters; the contract refuses ${more[0]}.`,
  };
}
