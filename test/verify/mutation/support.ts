import { readApi } from '../../../src/openapi/api.ts';
import type { RecordedResponse, RecordedExchange, Mutant } from '../../../src/verify/mutation/mutant.ts';
import { mutantsOf } from '../../../src/verify/mutation/mutation-testing.ts';
import { subjectOf, type Subject } from '../../../src/verify/mutation/targets.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const documented = {
  openapi: '3.1.0',
  info: { title: 'Plots', version: '1.0.0' },
  servers: [{ url: 'https://plots.example/v1' }],
  security: [{ plots: ['plots:read'] }],
  paths: {
    '/token': {
      servers: [{ url: 'https://plots.example' }],
      post: {
        operationId: 'token',
        security: [{ basic: [] }],
        requestBody: {
          content: { 'application/x-www-form-urlencoded': { schema: { $ref: '#/components/schemas/Form' } } },
        },
        responses: {
          200: json({ $ref: '#/components/schemas/Token' }),
          401: json({ $ref: '#/components/schemas/Fault' }),
        },
      },
    },
    '/plots/{plot}': {
      parameters: [{ name: 'plot', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'listPlots',
        responses: {
          200: {
            ...json({ type: 'array', items: { $ref: '#/components/schemas/Plot' } }),
            headers: {
              'X-Total': { required: true, schema: { type: 'integer' } },
              ETag: { schema: { type: 'string' } },
            },
          },
          401: json({ $ref: '#/components/schemas/Fault' }),
        },
      },
      delete: { operationId: 'removePlot', responses: { 204: { description: 'Gone.' } } },
    },
  },
  components: {
    securitySchemes: {
      plots: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: 'https://plots.example/token', scopes: { 'plots:read': 'Look.' } } },
      },
      basic: { type: 'http', scheme: 'basic' },
    },
    schemas: {
      Form: { type: 'object', required: ['grant_type'], properties: { grant_type: { type: 'string' } } },
      Token: {
        type: 'object',
        required: ['access_token', 'token_type', 'expires_in'],
        properties: {
          access_token: { type: 'string', pattern: '^[a-z]+$' },
          token_type: { type: 'string', const: 'Bearer' },
          expires_in: { type: 'integer', minimum: 1 },
        },
      },
      Plot: {
        type: 'object',
        required: ['name', 'plotSize', 'soil', 'link'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 20 },
          plotSize: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
          soil: { enum: ['clay', 'sand'] },
          link: { type: ['string', 'null'], format: 'uri' },
          rented: { type: 'boolean' },
        },
      },
      Fault: { type: 'object', required: ['reason'], properties: { reason: { type: 'string' } } },
    },
  },
};

function json(schema: object): { description: string; content: object } {
  return { description: 'An answer.', content: { 'application/json': { schema } } };
}

/** A specification that is mutated. */
export async function subjectFor(document: object = documented): Promise<Subject> {
  await using folder = await temporaryFolder({ 'spec.json': JSON.stringify(document) });
  return subjectOf(await readApi(`${folder.path}/spec.json`));
}

/** The one mutant with this id. */
export function mutantWith(subject: Subject, id: string): Mutant {
  const all = mutantsOf(subject);
  const found = all.find((mutant) => mutant.id === id);
  if (found) return found;
  throw new Error(`No mutant "${id}", only:\n${all.map((mutant) => mutant.id).join('\n')}`);
}

export const plots = [
  { name: 'One', plotSize: 4.5, soil: 'clay', link: null, rented: true },
  { name: 'Two', plotSize: 1, soil: 'sand', link: 'https://plots.example/2', rented: false },
];

export const token = { access_token: 'abc', token_type: 'Bearer', expires_in: 60 };

/** What a faithful provider answers to a request for an operation. */
export function exchangeFor(
  operation: string,
  status: number,
  body: unknown,
  headers: RecordedResponse['headers'] = {},
): RecordedExchange {
  return {
    contract: 'some.json',
    index: 0,
    interaction: `${operation} answers ${status}`,
    operation,
    answer: { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) },
    states: new Map(),
  };
}

export const exchanges: readonly RecordedExchange[] = [
  exchangeFor('listPlots', 200, plots, { 'x-total': '2', etag: 'a' }),
  exchangeFor('listPlots', 401, { reason: 'No token.' }),
  exchangeFor('token', 200, token),
  exchangeFor('token', 401, { reason: 'Wrong secret.' }),
];
