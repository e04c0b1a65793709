import { compileBody, writePath } from '../../matching/compile.ts';
import type { Demand } from '../../matching/demand.ts';
import { headerDemand, type HeaderDemand } from '../../matching/headers.ts';
import { conditionOf, statusKeeps, textsOf } from '../../matching/matchers.ts';
import { findTexts, isOf } from '../../util/regex/find-text.ts';
import { both, either, not } from '../../util/regex/language.ts';
import { partAt, partsBelow, type Part } from '../../openapi/look-up.ts';
import { schemaOfPart, styleOf } from '../../openapi/parameters.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import type { Header, Interaction, RuleList } from '../../pact/model.ts';
import { toPointer } from '../../util/json.ts';
import { acceptedTypes, essence, findMediaType, isWithin, parametersOf } from '../../util/media-type.ts';
import type { FoundOperation } from './prove-parameters.ts';
import { broken, eitherWay, holds, undecided, quoteValue, type At, type PlaceVerdict } from './proof/place-verdict.ts';
import { prove } from './proof/prove.ts';
import type { Schemas } from './proof/schemas.ts';
import { headerTexts } from './proof/text-languages.ts';

export function proveResponse(
  operation: FoundOperation,
  interaction: Interaction,
  siblings: readonly Interaction[],
): PlaceVerdict[] {
  const { status, rules } = interaction.response;
  const at = { place: '$.response.status', rule: 'status' };
  const [first, ...others] = acceptedStatuses(operation, interaction);
  const found =
    first === undefined ? undefined : partAt(operation.schemas.document, [...operation.steps, 'responses', first]);
  if (first === undefined || !found) {
    const wanted = rules.status ? `a status by its rule (${wordsOfStatus(rules.status)})` : status;
    const sentence = `The contract expects ${wanted}; for this operation the specification describes ${operation.statuses.join(', ') || 'none'}.`;
    return [broken({ ...at, pointer: toPointer([...operation.steps, 'responses']) }, sentence)];
  }
  const as = first === String(status) ? '' : ` as ${first}`;
  const says = rules.status
    ? `The specification describes ${[first, ...others].join(', ')}, which the contract accepts.`
    : `The specification describes this status${as}.`;
  return [
    holds({ ...at, pointer: toPointer(found.steps) }, says),
    ...proveDescribed(
      operation,
      found,
      interaction,
      siblings.filter((sibling) => sibling.response.status === status),
    ),
    ...others.flatMap((key) => {
      const other = partAt(operation.schemas.document, [...operation.steps, 'responses', key]);
      const alike = siblings.filter((sibling) => String(sibling.response.status) === key);
      return other ? ifAnswered(`with ${key}`, proveDescribed(operation, other, interaction, alike)) : [];
    }),
  ];
}

/**
 * The documented statuses of answers that the contract accepts: first that of its example. `default` is for the others, so it
 * counts where no other does.
 */
function acceptedStatuses({ statuses }: FoundOperation, { response: { status, rules } }: Interaction): string[] {
  const keeps = (each: number): boolean => statusKeeps(each, rules.status, status);
  const own = keeps(status) ? documentedStatus(statuses, status) : undefined;
  if (!rules.status) return own === undefined ? [] : [own];
  const within = (key: string): number[] =>
    /^\d\d\d$/.test(key)
      ? [Number(key)]
      : /^[1-5]XX$/i.test(key)
        ? hundred.map((each) => Number(key[0]) * 100 + each)
        : [];
  const accepted = statuses.filter((key) => within(key).some(keeps));
  if (accepted.length === 0) return statuses.includes('default') ? ['default'] : [];
  return accepted.toSorted((a, b) => Number(b === own) - Number(a === own));
}

const hundred = Array.from({ length: 100 }, (_, index) => index);

function wordsOfStatus({ rules }: RuleList): string {
  return rules.map((rule) => (rule.match === 'statusCode' ? String(rule.status) : rule.match)).join(', ');
}

/** Findings about an answer that the provider may give instead of the one that the contract shows: it decides which. */
function ifAnswered(how: string, findings: readonly PlaceVerdict[]): PlaceVerdict[] {
  return findings.flatMap((finding) => {
    if (finding.result === 'holds') return [];
    return [undecided(finding, `The provider may also answer ${how}. ${finding.sentence}`)];
  });
}

function proveDescribed(
  operation: FoundOperation,
  response: Part,
  interaction: Interaction,
  siblings: readonly Interaction[],
): PlaceVerdict[] {
  const [type, ...others] = proveContentType(operation, response, interaction);
  const bodyOf = (each: Part): PlaceVerdict[] => proveBody(operation.schemas, each, interaction, siblings);
  return [
    ...proveHeaders(operation, response, interaction, siblings),
    ...(type?.findings ?? []),
    ...(type?.mediaType ? bodyOf(type.mediaType) : []),
    ...others.flatMap(({ name, mediaType }) => (mediaType ? ifAnswered(`with ${name}`, bodyOf(mediaType)) : [])),
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
  name?: string;
  findings: PlaceVerdict[];
  mediaType?: Part;
}

/** What is said of the media type that the contract expects, and others that it accepts as well. */
function proveContentType(operation: FoundOperation, response: Part, interaction: Interaction): ProvedType[] {
  const { contentType, body } = interaction.response;
  const described = partsBelow(operation.schemas.document, [...response.steps, 'content']);
  const pointer = toPointer(response.steps);
  const inResponse = { place: "$.response.headers['Content-Type']", rule: 'content type', pointer };
  if (body.kind === 'empty') {
    const at = { ...inResponse, place, rule: 'body' };
    if (operation.method === 'head') return [{ findings: [holds(at, 'No answer to HEAD has a body.')] }];
    return [
      {
        findings: [
          described.size === 0
            ? holds(at, 'The specification describes no body, and the contract expects none.')
            : broken(at, 'The contract expects no body; the specification describes one.'),
        ],
      },
    ];
  }
  if (contentType === undefined && body.kind === 'absent') return [];
  if (described.size === 0) {
    const sentence =
      body.kind === 'absent'
        ? `The contract requires the header Content-Type (${contentType}); the specification describes no content for this status, ` +
          'so its answer may lack the header. Leave the header out of the contract, or describe the content.'
        : 'The contract expects a body; the specification describes none for this status.';
    return [{ findings: [broken(inResponse, sentence)] }];
  }
  const at = { ...inResponse, pointer: toPointer([...response.steps, 'content']) };
  const wanted = contentType ?? (body.kind === 'json' ? 'application/json' : 'text/plain');
  const found = findMediaType(described.keys(), wanted);
  const mediaType = found === undefined ? undefined : described.get(found);
  if (found === undefined || !mediaType) {
    const sentence = `The contract expects ${wanted}; the specification describes ${[...described.keys()].join(', ')}.`;
    return [{ findings: [broken(at, sentence)] }];
  }
  const accepts = acceptedTypes(interaction.request.headers.get('accept')?.values.join(','));
  const others = [...described].filter(
    ([each]) => each !== found && accepts.some((range) => isWithin(each, range) || isWithin(range, each)),
  );
  const isAlike = ([each]: [string, Part]): boolean =>
    essence(each) === essence(found) && keepsContentType(interaction, each);
  return [
    {
      name: found,
      findings: [
        judgeType(
          at,
          interaction,
          found,
          others.map(([each]) => each),
        ),
      ],
      mediaType,
    },
    ...others.filter(isAlike).map(([name, each]) => ({ name, findings: [], mediaType: each })),
  ];
}

/** Whether the contract accepts a content type: without a rule, one with all the parameters of its own and perhaps more. */
function keepsContentType({ response }: Interaction, type: string): boolean {
  const header = response.headers.get('content-type')?.values[0];
  if (header === undefined) return true;
  const rules = response.rules.header.get('content-type');
  if (rules) return isOf(textsOf(conditionOf(rules, header), true), type) === true;
  return essence(type) === essence(header) && missingParameters(type, header).length === 0;
}

/** The parameters of a media type that another does not have, or with another value. */
function missingParameters(type: string, wanted: string): string[] {
  const has = parametersOf(type);
  const missing = [...parametersOf(wanted)].filter(
    ([name, value]) => has.get(name)?.toLowerCase() !== value.toLowerCase(),
  );
  return missing.map((pair) => pair.join('='));
}

function judgeType(at: At, interaction: Interaction, found: string, accepted: readonly string[]): PlaceVerdict {
  const keeps = (type: string): boolean => keepsContentType(interaction, type);
  const others = accepted.filter((each) => !keeps(each));
  const says = `The specification describes ${found}`;
  if (others.length > 0) {
    const sentence = `The specification also describes ${others.join(', ')}, which the request does not exclude. Name in Accept the one that the contract expects.`;
    return undecided(at, sentence);
  }
  if (found.includes('*')) return undecided(at, `${says}, which may be a type other than the contract expects.`);
  const withCharset = found.includes(';') ? [] : [`${found}; charset=utf-8`, `${found};charset=UTF-8`];
  const isRuled = interaction.response.rules.header.has('content-type');
  const refused = withCharset.find((each) => !keeps(each));
  if (keeps(found)) {
    return refused === undefined
      ? holds(at, `${says}.`)
      : undecided(at, `${says} and does not mention parameters; the contract refuses ${refused}.`);
  }
  const header = interaction.response.headers.get('content-type')?.values[0] ?? '';
  const missing = missingParameters(found, header);
  const differs = missing.some((each) => parametersOf(found).has(each.split('=')[0] ?? ''));
  const isOpen = isRuled
    ? withCharset.some(keeps)
    : essence(found) === essence(header) && missing.length > 0 && !differs;
  if (!isOpen) return broken(at, `${says}, which the contract refuses.`);
  const lacking = isRuled ? 'a charset' : missing.join('; ');
  return undecided(
    at,
    `${says}, so an answer may lack ${lacking}, and the contract refuses that. Leave ${lacking} out of the contract, which ` +
      `accepts answers that have more, or describe the content as ${isRuled ? withCharset[0] : `${found}; ${missing.join('; ')}`}.`,
  );
}

function proveHeaders(
  operation: FoundOperation,
  response: Part,
  interaction: Interaction,
  siblings: readonly Interaction[],
): PlaceVerdict[] {
  const { document } = operation.schemas;
  const described = partsBelow(document, [...response.steps, 'headers']);
  const named = new Map([...described].map(([name, part]) => [name.toLowerCase(), part]));
  return [...interaction.response.headers].flatMap(([key, header]) => {
    // OpenAPI says by the media types of the body what comes there.
    if (key === 'content-type') return [];
    const place = `$.response.headers${writePath([header.name])}`;
    const part = named.get(key);
    if (!part) {
      const sentence = `The contract requires the header ${header.name}; the specification does not describe it.${eitherWay('describe and require it', 'leave it out')}`;
      return [broken({ place, pointer: toPointer(response.steps), rule: 'header' }, sentence)];
    }
    const demandIn = ({ response: { headers, rules } }: Interaction): HeaderDemand[] => {
      const own = headers.get(key);
      return own ? [headerDemand(key, own, rules.header.get(key))] : [];
    };
    const demands = [interaction, ...siblings].flatMap(demandIn);
    return [provePresence(part, place, header), ...proveValue(operation, part, place, demands)];
  });
}

function provePresence({ steps, fields }: Part, place: string, { name }: Header): PlaceVerdict {
  const at = { place, pointer: toPointer(steps), rule: 'header' };
  if (fields['required'] === true) return holds(at, 'The specification requires the header, as the contract does.');
  const ways = eitherWay('say `required: true`', 'leave it out');
  return broken(at, `The contract requires the header ${name}; the specification allows a response without it.${ways}`);
}

/** @param demands that of the contract, then those of its other interactions for the same answer. */
function proveValue(
  operation: FoundOperation,
  part: Part,
  place: string,
  [demand, ...beside]: readonly HeaderDemand[],
): PlaceVerdict[] {
  if (!demand) return [];
  const { schemas } = operation;
  const { example, ruled } = demand;
  const at = { place, pointer: toPointer(part.steps), rule: ruled ? 'pattern' : 'value' };
  if (demand.lines > 1) {
    const sentence =
      `The contract requires ${demand.lines} lines of the header; the specification does not say whether its values come in one line ` +
      `or in several, and Pact tells these apart. Expect one line (${quoteValue(example)}), or give it a matching rule.`;
    return [undecided(at, sentence)];
  }
  const all = [demand, ...beside];
  const schema = schemaOfPart(part);
  const texts = either(...all.map((each) => each.texts));
  const found = findTexts(both(headerTexts(schemas, schema), not(texts)), 6);
  if (found.kind === 'none')
    return [holds(at, 'The contract accepts every value that the specification allows for the header.')];
  if (!ruled) {
    if (!headerAllows(operation, part, example))
      return [broken(at, `The contract requires ${quoteValue(example)}; the specification does not allow it.`)];
    const sentence = `The specification allows ${quoteValue(example)} among other values; the request and provider state decide which.`;
    return [undecided(at, sentence + eitherWay('list the values (`enum`)', 'use a matching rule'))];
  }
  const candidates = found.kind === 'texts' ? found.texts : [];
  const refused = candidates.find(
    (text) => headerAllows(operation, part, text) && all.every(({ accepts }) => accepts(text) === false),
  );
  if (refused !== undefined)
    return [
      broken(
        at,
        `The specification allows ${quoteValue(refused)} for the header; the contract refuses it.` +
          eitherWay('exclude such values (`pattern`, `format`, `enum`)', 'loosen the rule'),
      ),
    ];
  const why = found.kind === 'unknown' ? found.reason : 'no counterexample was found';
  return [undecided(at, `It was not decided whether the contract accepts every value of the header: ${why}.`)];
}

function headerAllows({ requests, parameterValues }: FoundOperation, part: Part, text: string): boolean {
  const schema = schemaOfPart(part);
  if (!schema) return true;
  const header = { name: '', in: 'header', required: true, steps: part.steps, ...styleOf(part.fields) } as const;
  const values = parameterValues.valuesOf(
    { ...header, schema, allowsEmpty: false, json: false },
    new Map([['', [text]]]),
    [],
  );
  return values?.some((value) => requests.complaintOfTexts(schema, value) === undefined) === true;
}
