import type { ContractRequest, ContractResponse, Header, Interaction, Message, Part, State } from '../../pact/model.ts';
import { entriesOf, fieldsOf, type Fields } from '../../pact/input.ts';
import type { Flaw } from './flaw.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { readRules } from '../../pact/read-rules.ts';

/** One entry of `interactions`: something over HTTP, or a message. */
export function readInteraction(value: unknown, index: number, version: 2 | 3 | 4, flaw: Flaw): Interaction | Message {
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'an interaction');
  const { type = 'Synchronous/HTTP' } = fields;
  if (typeof type !== 'string') throw flaw(['type'], 'the name of a type');
  if (type !== 'Synchronous/HTTP') return readMessage(fields, type, flaw);
  return {
    index,
    ...(typeof fields['key'] === 'string' ? { key: fields['key'] } : {}),
    pending: fields['pending'] === true,
    description: readDescription(fields, flaw),
    states: readStates(fields),
    request: readRequest(fields['request'], version, flaw.at('request')),
    response: readResponse(fields['response'], version, flaw.at('response')),
  };
}

/** A message, which the toolkit names and does not judge. */
export function readMessage(fields: Fields, type: string, flaw: Flaw): Message {
  return { type, description: readDescription(fields, flaw), states: readStates(fields) };
}

function readDescription({ description }: Fields, flaw: Flaw): string {
  if (typeof description !== 'string' || description === '') throw flaw(['description'], 'a text');
  return description;
}

function readStates({ providerStates, providerState, provider_state: oldState }: Fields): State[] {
  if (Array.isArray(providerStates)) {
    return providerStates.map((state: unknown) => {
      const { name, params } = fieldsOf(state) ?? { name: state };
      return { name: String(name), params: fieldsOf(params) ?? {} };
    });
  }
  // Version 3 may still have one state, as a text.
  const name = typeof providerStates === 'string' ? providerStates : (providerState ?? oldState);
  return typeof name === 'string' && name !== '' ? [{ name, params: {} }] : [];
}

function readRequest(value: unknown, version: 2 | 3 | 4, flaw: Flaw): ContractRequest {
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'a request');
  const { method = 'GET', path = '/', query } = fields;
  if (typeof method !== 'string' || !/^[\w-]+$/.test(method)) throw flaw(['method'], 'a method such as GET');
  if (typeof path !== 'string' || !path.startsWith('/')) throw flaw(['path'], 'a path that begins with a slash');
  return {
    method: method.toUpperCase(),
    path,
    query: readQuery(query, flaw.at('query')),
    ...readPart(fields, version, flaw),
  };
}

function readResponse(value: unknown, version: 2 | 3 | 4, flaw: Flaw): ContractResponse {
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'a response');
  const status = Number(fields['status'] ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw flaw(['status'], 'a status from 100 to 599');
  return { status, ...readPart(fields, version, flaw) };
}

function readPart(fields: Fields, version: 2 | 3 | 4, flaw: Flaw): Part {
  const headers = readHeaders(fields['headers'], flaw.at('headers'));
  return {
    headers,
    ...readBody(fields, version, headers, flaw.at('body')),
    rules: readRules(fields['matchingRules'], version, flaw.at('matchingRules')),
    generators: fields['generators'],
  };
}

function readHeaders(value: unknown, flaw: Flaw): Map<string, Header> {
  if (value !== undefined && value !== null && !fieldsOf(value)) throw flaw([], 'names with their values');
  return new Map(
    entriesOf(value).map(([name, values]) => [name.toLowerCase(), { name, values: [values].flat().map(String) }]),
  );
}
