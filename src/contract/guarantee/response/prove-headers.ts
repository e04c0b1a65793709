import type { OpenApiDocument } from '../../../openapi/document.ts';
import { toPointer } from '../../../util/json.ts';
import type { Header, Interaction } from '../../../pact/model.ts';
import { conditionOf } from '../demand/conditions.ts';
import { writePath } from '../demand/places.ts';
import { textsOf } from '../demand/texts.ts';
import { findTexts, isOf } from '../../../matching/regex/find-text.ts';
import { both, either, not, type Language } from '../../../matching/regex/language.ts';
import { partAt, partsBelow, type Part } from '../../../verify/guarantee/operation.ts';
import { show, type Finding } from '../../../verify/guarantee/proof/finding.ts';
import { headerTexts, headerAllows } from '../schema/header-texts.ts';
import type { Schemas } from '../../../verify/guarantee/proof/schemas.ts';

/** Proves of each header that the contract demands that it comes, with a value that the contract accepts. */
export function proveHeaders(
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
