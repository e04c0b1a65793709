import { isDeepStrictEqual } from 'node:util';
import { entriesOf, fieldsOf, isList, type Fields } from '../util/json.ts';
import type { Body, Contract, ContractRequest, HttpPart, Interaction } from './model.ts';
import { readContract } from './read-contract.ts';

/**
 * The first interaction of a contract as version 4 of Pact writes it; undefined where that would not demand the same, and for
 * messages.
 */
export function upgradeInteraction(contract: Contract): Fields | undefined {
  const [interaction] = contract.interactions;
  const list = fieldsOf(contract.content)?.['interactions'];
  const own = fieldsOf(isList(list) && interaction ? list[interaction.index] : undefined);
  if (!interaction || !own) return undefined;
  const { providerState: _state, provider_state: _oldState, request, response, ...kept } = own;
  const { states, request: asked, response: answered } = interaction;
  const upgraded = {
    ...kept,
    type: 'Synchronous/HTTP',
    ...(states.length > 0 ? { providerStates: states } : {}),
    request: { ...fieldsOf(request), ...upgradePart(asked, request), query: queryOf(asked) },
    response: { ...fieldsOf(response), ...upgradePart(answered, response) },
  };
  return demandsAlike(contract, interaction, upgraded) ? upgraded : undefined;
}

function queryOf({ query }: ContractRequest): Fields | undefined {
  return query.size > 0 ? Object.fromEntries(query) : undefined;
}

function upgradePart({ headers, body, contentType }: HttpPart, raw: unknown): Fields {
  const { matchingRules, body: written } = fieldsOf(raw) ?? {};
  return {
    ...(headers.size > 0
      ? { headers: Object.fromEntries([...headers.values()].map(({ name, values }) => [name, values])) }
      : {}),
    ...(body.kind === 'absent' ? {} : { body: wrap(body, contentType, written) }),
    ...(matchingRules === undefined ? {} : { matchingRules: upgradeRules(matchingRules) }),
  };
}

/** @param written the body as the contract has it, with its numbers as they are spelt there. */
function wrap(body: Body, contentType: string | undefined, written: unknown): unknown {
  if (body.kind === 'json') {
    const type = contentType ?? 'application/json';
    // A text within `content` would be read as the JSON that it may hold.
    return typeof body.value === 'string'
      ? { content: JSON.stringify(body.value), contentType: type, encoded: 'JSON' }
      : { content: typeof written === 'string' ? body.value : written, contentType: type, encoded: false };
  }
  return body.kind === 'text' ? { content: body.text, contentType, encoded: false } : null;
}

/** Version 2 has the rules by their paths: `$.body.id`, `$.headers.Accept`. */
function upgradeRules(rules: unknown): Fields {
  const categories = new Map<string, Fields>();
  for (const [path, rule] of entriesOf(rules)) {
    const [, category = '', rest = ''] = /^\$\.(body|headers?|query|path|status)(.*)$/s.exec(path) ?? [];
    if (category === '') return { ...fieldsOf(rules) };
    const name = category.replace(/s$/, '').replace('statu', 'status');
    const list = { combine: 'AND', matchers: [rule] };
    const key = name === 'body' ? `$${rest}` : rest.replace(/^\.|^\['|'\]$/g, '');
    categories.set(name, key === '' ? list : { ...categories.get(name), [key]: list });
  }
  return Object.fromEntries(categories);
}

/** Whether what is written is read as the same demand. */
function demandsAlike(contract: Contract, was: Interaction, upgraded: Fields): boolean {
  const text = JSON.stringify({
    consumer: { name: contract.consumer },
    provider: { name: contract.provider },
    interactions: [upgraded],
    metadata: { pactSpecification: { version: '4.0' } },
  });
  const [is] = readContract(contract.file, text).interactions;
  const plain = ({ states, request, response }: Interaction): unknown[] => [
    states,
    ...[request, response].map(({ contentType: _contentType, body, ...rest }) => ({
      ...rest,
      generators: rest.generators ?? {},
      body,
    })),
  ];
  return is !== undefined && isDeepStrictEqual(plain(is), plain(was));
}
