import { compileBody, writePath } from '../../matching/compile.ts';
import type { Demand } from '../../matching/demand.ts';
import { conditionOf, textsOf } from '../../matching/matchers.ts';
import { findTexts, isOf } from '../../matching/regex/find-text.ts';
import { both, either, not, type Language } from '../../matching/regex/language.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { partAt, partsBelow, type Part } from '../../openapi/look-up.ts';
import { findResponse } from '../../openapi/responses.ts';
import type { Header, Interaction } from '../../pact/model.ts';
import { toPointer } from '../../util/json.ts';
import { acceptedTypes, essence, findMediaType, isWithin } from '../../util/media-type.ts';
import type { FoundOperation } from './operation.ts';
import { show, type Finding } from './proof/finding.ts';
import { prove } from './proof/prove.ts';
import type { Schemas } from './proof/schemas.ts';
import { headerAllows, headerTexts } from './proof/text-languages.ts';

/** Proves of an answer that the specification guarantees what the contract demands. */
export function proveResponse(
  schemas: Schemas,
  operation: FoundOperation,
  interaction: Interaction,
  siblings: readonly Interaction[],
): Finding[] {
  const { status } = interaction.response;
  const found = findResponse(operation.document, operation, status);
  const at = { place: '$.response.status', rule: 'status' };
  if (!found) {
    const sentence = `The contract expects ${status}, and the specification describes ${operation.statuses.join(', ') || 'none'} for this operation.`;
    return [{ ...at, result: 'broken', pointer: toPointer([...operation.steps, 'responses']), sentence }];
  }
  const pointer = toPointer(found.response.steps);
  const described =
    found.key === String(status)
      ? 'The specification describes this status.'
      : `The specification describes this status as ${found.key}.`;
  const alike = siblings.filter(({ response }) => response.status === status);
  const type = proveContentType(operation, found.response, interaction);
  return [
    { ...at, result: 'holds', pointer, sentence: described },
    ...proveHeaders(schemas, operation.document, found.response, interaction, alike),
    ...type.findings,
    ...(type.mediaType ? proveBody(schemas, type.mediaType, interaction, alike) : []),
  ];
}

const place = '$.response.body';

/** Proves of the body that it is always as the contract demands. */
function proveBody(
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

interface ProvedType {
  findings: Finding[];
  /** The described media type of the body that the contract expects. */
  mediaType?: Part;
}

/** Proves that the body comes as the media type that the contract expects. */
function proveContentType(operation: FoundOperation, response: Part, interaction: Interaction): ProvedType {
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

/** Proves of each header that the contract demands that it comes, with a value that the contract accepts. */
function proveHeaders(
  schemas: Schemas,
  document: OpenApiDocument,
  response: Part,
  interaction: Interaction,
  siblings: readonly Interaction[],
): Finding[] {
  const described = partsBelow(document, [...response.steps, 'headers']);
  const named = new Map([...described].map(([name, part]) => [name.toLowerCase(), part]));
  return [...interaction.response.headers].flatMap(([key, header]) => {
    // OpenAPI says by the media types of the body what comes there.
    if (key === 'content-type') return [];
    const place = `$.response.headers${writePath([header.name])}`;
    const part = named.get(key);
    if (!part) {
      const sentence = `The contract demands the header ${header.name}, and the specification does not describe it.`;
      return [
        { result: 'broken', place, pointer: toPointer(response.steps), rule: 'header', sentence } satisfies Finding,
      ];
    }
    const beside = siblings.flatMap((sibling) => {
      const other = sibling.response.headers.get(key);
      return other ? [headerDemandOf(sibling, key, other)] : [];
    });
    return [
      provePresence(part, place, header),
      proveValue(schemas, document, part, place, headerDemandOf(interaction, key, header), beside),
    ];
  });
}

interface HeaderDemand {
  texts: Language;
  example: string;
  ruled: boolean;
}

function headerDemandOf({ response }: Interaction, key: string, { values }: Header): HeaderDemand {
  const example = values.join(', ');
  const rules = response.rules.header.get(key);
  return { texts: textsOf(conditionOf(rules, example), true), example, ruled: rules !== undefined };
}

function provePresence({ steps, fields }: Part, place: string, { name }: Header): Finding {
  const at = { place, pointer: toPointer(steps), rule: 'header' };
  if (fields['required'] === true)
    return { ...at, result: 'holds', sentence: 'The specification requires the header, as the contract does.' };
  return {
    ...at,
    result: 'broken',
    sentence: `The contract demands the header ${name}, and the specification allows an answer without it.`,
  };
}

function proveValue(
  schemas: Schemas,
  document: OpenApiDocument,
  { steps }: Part,
  place: string,
  { texts, example, ruled }: HeaderDemand,
  siblings: readonly HeaderDemand[],
): Finding {
  const at = { place, pointer: toPointer(steps), rule: ruled ? 'pattern' : 'value' };
  const schema = partAt(document, [...steps, 'schema']);
  const allowed = headerTexts(schemas, schema?.steps);
  const found = findTexts(both(allowed, not(either(texts, ...siblings.map((each) => each.texts)))), 6);
  if (found.kind === 'none')
    return {
      ...at,
      result: 'holds',
      sentence: 'The contract accepts each value that the specification allows for the header.',
    };
  if (!ruled) {
    if (!headerAllows(schemas, schema?.steps, example))
      return {
        ...at,
        result: 'broken',
        sentence: `The contract demands ${show(example)}, and the specification does not allow it.`,
      };
    const sentence = `The specification allows ${show(example)} among other values; which one comes is decided by the request and the provider state.`;
    return { ...at, result: 'not verifiable', sentence };
  }
  const candidates = found.kind === 'texts' ? found.texts : [];
  const refused = candidates.find((text) => headerAllows(schemas, schema?.steps, text) && isOf(texts, text) === false);
  if (refused !== undefined)
    return {
      ...at,
      result: 'broken',
      sentence: `The specification allows ${show(refused)} for the header, and the contract refuses it.`,
    };
  const why = found.kind === 'unknown' ? found.reason : 'no counterexample was found';
  return {
    ...at,
    result: 'not verifiable',
    sentence: `Whether the contract accepts each value of the header was not decided: ${why}.`,
  };
}
