import { compileBody, writePath } from '../../matching/compile.ts';
import type { Demand } from '../../matching/demand.ts';
import { conditionOf, textsOf } from '../../matching/matchers.ts';
import { findTexts, isOf } from '../../util/regex/find-text.ts';
import { both, either, not, type Language } from '../../util/regex/language.ts';
import { partAt, partsBelow, type Part } from '../../openapi/look-up.ts';
import { findResponse } from '../../openapi/responses.ts';
import type { Steps } from '../../openapi/schema.ts';
import type { Header, Interaction } from '../../pact/model.ts';
import { toPointer } from '../../util/json.ts';
import { acceptedTypes, essence, findMediaType, isWithin } from '../../util/media-type.ts';
import type { FoundOperation } from './prove-parameters.ts';
import { broken, holds, undecided, quoteValue, type At, type PlaceVerdict } from './proof/place-verdict.ts';
import { prove } from './proof/prove.ts';
import type { Schemas } from './proof/schemas.ts';
import { headerAllows, headerTexts } from './proof/text-languages.ts';

export function proveResponse(
  operation: FoundOperation,
  interaction: Interaction,
  siblings: readonly Interaction[],
): PlaceVerdict[] {
  const { status } = interaction.response;
  const found = findResponse(operation.schemas.document, operation, status);
  const at = { place: '$.response.status', rule: 'status' };
  if (!found) {
    const sentence = `The contract expects ${status}; for this operation the specification describes ${operation.statuses.join(', ') || 'none'}.`;
    return [broken({ ...at, pointer: toPointer([...operation.steps, 'responses']) }, sentence)];
  }
  const as = found.key === String(status) ? '' : ` as ${found.key}`;
  const alike = siblings.filter((sibling) => sibling.response.status === status);
  const type = proveContentType(operation, found.response, interaction);
  return [
    holds({ ...at, pointer: toPointer(found.response.steps) }, `The specification describes this status${as}.`),
    ...proveHeaders(operation.schemas, found.response, interaction, alike),
    ...type.findings,
    ...(type.mediaType ? proveBody(operation.schemas, type.mediaType, interaction, alike) : []),
  ];
}

const place = '$.response.body';

function proveBody(
  schemas: Schemas,
  mediaType: Part,
  interaction: Interaction,
  siblings: readonly Interaction[],
): PlaceVerdict[] {
  const { body } = interaction.response;
  if (body.kind === 'absent' || body.kind === 'empty') return [];
  const at = { place, pointer: toPointer(mediaType.steps), rule: 'body' };
  const demand = demandOf(interaction);
  if (!demand) return [undecided(at, 'The body is neither JSON nor text: only its content type was checked.')];
  if (mediaType.fields['schema'] === undefined)
    return [undecided(at, 'The specification has no schema for this body, so it guarantees nothing about it.')];
  const beside = siblings.flatMap((sibling) => demandOf(sibling) ?? []);
  return prove(schemas, [...mediaType.steps, 'schema'], demand, beside);
}

function demandOf({ response: { body, rules, contentType } }: Interaction): Demand | undefined {
  if (body.kind === 'json') return compileBody(body.value, rules.body, place);
  const plain = body.kind === 'text' && !/x-www-form-urlencoded|multipart|xml/i.test(contentType ?? '');
  return plain ? compileBody(body.text, rules.body, place) : undefined;
}

interface ProvedType {
  findings: PlaceVerdict[];
  mediaType?: Part;
}

function proveContentType(operation: FoundOperation, response: Part, interaction: Interaction): ProvedType {
  const { contentType, body } = interaction.response;
  const described = partsBelow(operation.schemas.document, [...response.steps, 'content']);
  const inResponse = {
    place: "$.response.headers['Content-Type']",
    rule: 'content type',
    pointer: toPointer(response.steps),
  };
  if (body.kind === 'empty') {
    const at = { ...inResponse, place, rule: 'body' };
    return {
      findings: [
        described.size === 0
          ? holds(at, 'The specification describes no body, and the contract expects none.')
          : broken(at, 'The contract expects no body; the specification describes one.'),
      ],
    };
  }
  if (contentType === undefined && body.kind === 'absent') return { findings: [] };
  if (described.size === 0) {
    const sentence = 'The contract expects a body; the specification describes none for this status.';
    return { findings: [broken(inResponse, sentence)] };
  }
  const at = { ...inResponse, pointer: toPointer([...response.steps, 'content']) };
  const wanted = contentType ?? (body.kind === 'json' ? 'application/json' : 'text/plain');
  const found = findMediaType(described.keys(), wanted);
  const mediaType = found === undefined ? undefined : described.get(found);
  if (found === undefined || !mediaType) {
    const sentence = `The contract expects ${essence(wanted)}; the specification describes ${[...described.keys()].join(', ')}.`;
    return { findings: [broken(at, sentence)] };
  }
  return { findings: [judgeType(at, interaction, found, [...described.keys()])], mediaType };
}

function judgeType(
  at: At,
  { request, response }: Interaction,
  found: string,
  described: readonly string[],
): PlaceVerdict {
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
  const says = `The specification describes ${found}`;
  if (others.length > 0) {
    const sentence = `The specification also describes ${others.join(', ')}, which the request does not exclude.`;
    return undecided(at, sentence);
  }
  if (found.includes('*')) return undecided(at, `${says}, which may be a type other than the contract expects.`);
  if (!keeps(found)) return broken(at, `${says}, which the contract refuses.`);
  const withCharset = [`${found}; charset=utf-8`, `${found};charset=UTF-8`];
  const refused = found.includes(';') ? undefined : withCharset.find((each) => !keeps(each));
  return refused === undefined
    ? holds(at, `${says}.`)
    : undecided(at, `${says} and does not mention parameters; the contract refuses ${refused}.`);
}

function proveHeaders(
  schemas: Schemas,
  response: Part,
  interaction: Interaction,
  siblings: readonly Interaction[],
): PlaceVerdict[] {
  const described = partsBelow(schemas.document, [...response.steps, 'headers']);
  const named = new Map([...described].map(([name, part]) => [name.toLowerCase(), part]));
  return [...interaction.response.headers].flatMap(([key, header]) => {
    // OpenAPI says by the media types of the body what comes there.
    if (key === 'content-type') return [];
    const place = `$.response.headers${writePath([header.name])}`;
    const part = named.get(key);
    if (!part) {
      const sentence = `The contract requires the header ${header.name}; the specification does not describe it.`;
      return [broken({ place, pointer: toPointer(response.steps), rule: 'header' }, sentence)];
    }
    const beside = siblings.flatMap((sibling) => {
      const other = sibling.response.headers.get(key);
      return other ? [headerDemandOf(sibling, key, other).texts] : [];
    });
    return [
      provePresence(part, place, header),
      proveValue(
        schemas,
        partAt(schemas.document, [...part.steps, 'schema'])?.steps,
        { place, pointer: toPointer(part.steps) },
        headerDemandOf(interaction, key, header),
        beside,
      ),
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

function provePresence({ steps, fields }: Part, place: string, { name }: Header): PlaceVerdict {
  const at = { place, pointer: toPointer(steps), rule: 'header' };
  if (fields['required'] === true) return holds(at, 'The specification requires the header, as the contract does.');
  return broken(at, `The contract requires the header ${name}; the specification allows a response without it.`);
}

function proveValue(
  schemas: Schemas,
  schema: Steps | undefined,
  header: Omit<At, 'rule'>,
  { texts, example, ruled }: HeaderDemand,
  beside: readonly Language[],
): PlaceVerdict {
  const at = { ...header, rule: ruled ? 'pattern' : 'value' };
  const found = findTexts(both(headerTexts(schemas, schema), not(either(texts, ...beside))), 6);
  if (found.kind === 'none')
    return holds(at, 'The contract accepts every value that the specification allows for the header.');
  if (!ruled) {
    if (!headerAllows(schemas, schema, example))
      return broken(at, `The contract requires ${quoteValue(example)}; the specification does not allow it.`);
    const sentence = `The specification allows ${quoteValue(example)} among other values; the request and provider state decide which.`;
    return undecided(at, sentence);
  }
  const candidates = found.kind === 'texts' ? found.texts : [];
  const refused = candidates.find((text) => headerAllows(schemas, schema, text) && isOf(texts, text) === false);
  if (refused !== undefined)
    return broken(at, `The specification allows ${quoteValue(refused)} for the header; the contract refuses it.`);
  const why = found.kind === 'unknown' ? found.reason : 'no counterexample was found';
  return undecided(at, `It was not decided whether the contract accepts every value of the header: ${why}.`);
}
