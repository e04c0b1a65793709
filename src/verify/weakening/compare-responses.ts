import { isDeepStrictEqual } from 'node:util';
import { conditionOf } from '../../contract/guarantee/demand/conditions.ts';
import { writePath } from '../../contract/guarantee/demand/places.ts';
import type { ContractResponse } from '../../pact/model.ts';
import { entriesOf, fieldsOf } from '../../pact/input.ts';
import type { RuleList } from '../../contract/pact/matching-rules.ts';
import { compareBodies } from '../../contract/weakening/compare-bodies.ts';
import { findText } from './gap.ts';
import { statusesOf } from '../../contract/weakening/statuses.ts';
import type { Loss } from './weakening.ts';
import { describe, show } from '../../contract/weakening/words.ts';

/** What an answer had to be and has to be no more. */
export function compareResponses(was: ContractResponse, is: ContractResponse): Loss[] {
  return [
    ...compareStatus(was, is),
    ...compareHeaders(was, is),
    ...compareContentType(was, is),
    ...compareBodies(was, is),
    ...compareGenerators(was, is),
  ];
}

function compareStatus(was: ContractResponse, is: ContractResponse): Loss[] {
  const allowed = new Set(statusesOf(was));
  const more = statusesOf(is).find((status) => !allowed.has(status));
  if (more === undefined) return [];
  const sentence = `The status had to be ${allowed.size === 1 ? was.status : 'another'}; now ${more} passes.`;
  return [{ rule: 'status', path: '$.response.status', sentence }];
}

function compareHeaders(was: ContractResponse, is: ContractResponse): Loss[] {
  return [...was.headers].flatMap(([key, { name, values }]): Loss[] => {
    const path = `$.response.headers${writePath([name])}`;
    const now = is.headers.get(key);
    if (!now) return [{ rule: 'header', path, sentence: `The header ${name} is demanded no more.` }];
    const before = conditionOf(was.rules.header.get(key), values.join(', '));
    const after = conditionOf(is.rules.header.get(key), now.values.join(', '));
    if (isDeepStrictEqual(before, after)) return [];
    const found = findText(after, before);
    if (found.kind === 'none') return [];
    const sentence =
      found.kind === 'unknown'
        ? `Nobody can prove that ${describe(after)} is as strict as ${describe(before)}: ${found.reason}.`
        : `Of the header ${name} ${describe(before)} was demanded, now ${describe(after)}${show(after, found.texts[0])}.`;
    return [{ rule: found.kind === 'unknown' ? 'unproved' : 'header', path, sentence }];
  });
}

/** Version 4 says the type beside the body; elsewhere it is the header, which has been compared. */
function compareContentType(was: ContractResponse, is: ContractResponse): Loss[] {
  if (was.contentType === undefined || was.headers.has('content-type')) return [];
  if (was.body.kind === 'absent' || is.body.kind === 'absent') return [];
  if (essence(was.contentType) === essence(is.contentType)) return [];
  const sentence = `The body had to be ${was.contentType}, now ${is.contentType ?? 'of no certain type'}.`;
  return [{ rule: 'content type', path: '$.response.body', sentence }];
}

function essence(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase();
}

/** Where nothing but equality is demanded, a value that the provider's state gives is one that the provider may choose. */
function compareGenerators(was: ContractResponse, is: ContractResponse): Loss[] {
  const losses: Loss[] = [];
  for (const [category, values] of entriesOf(is.generators)) {
    for (const [key, generator] of entriesOf(values)) {
      if (fieldsOf(generator)?.['type'] !== 'ProviderState') continue;
      if (isDeepStrictEqual(generator, fieldsOf(fieldsOf(was.generators)?.[category])?.[key])) continue;
      if (isLoose(rulesAt(is, category, key))) continue;
      losses.push({
        rule: 'generator',
        path:
          category === 'body'
            ? `$.response.body${key.replace(/^\$/, '')}`
            : `$.response.${category}${writePath([key])}`,
        sentence: "The provider's state says now what this has to be.",
      });
    }
  }
  return losses;
}

function rulesAt({ rules }: ContractResponse, category: string, key: string): RuleList | undefined {
  return category === 'body' ? rules.body.find(({ text }) => text === key) : rules.header.get(key.toLowerCase());
}

function isLoose(list: RuleList | undefined): boolean {
  return list !== undefined && !list.rules.some(({ match }) => match === 'equality');
}
