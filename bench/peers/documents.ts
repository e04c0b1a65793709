// Documents of any size, and contracts about them, for what grows with either.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Part = { [key: string]: Json };

const json = (schema: Json): Part => ({ 'application/json': { schema } });
const wrong: Part = {
  description: 'No.',
  content: json({ type: 'object', required: ['error'], properties: { error: { type: 'string' } } }),
};

/** A document of OpenAPI 3.0: for each three operations a model, in a list, in an answer and beside a request. */
export function documentOf(operations: number, model: (index: number) => Part = modelOf): Part {
  const count = Math.ceil(operations / 3);
  const all = Array.from({ length: count }, (_, index) => operationsOf(index)).flat();
  const paths: Record<string, Part> = {};
  for (const { path, method, operation } of all.slice(0, operations))
    paths[path] = { ...paths[path], [method]: operation };
  const schemas = Object.fromEntries(Array.from({ length: count }, (_, index) => [`Thing${index}`, model(index)]));
  return { openapi: '3.0.3', info: { title: 'Things', version: '1' }, paths, components: { schemas } };
}

/** The same, but a tenth of the models have a property of another type, and a seventh have lost one. */
export function changedDocumentOf(operations: number): Part {
  return documentOf(operations, (index) => {
    const { tags, ...properties } = propertiesOf(index);
    const kept: Part = index % 7 === 0 || tags === undefined ? properties : { ...properties, tags };
    return modelOf(index, index % 10 === 0 ? { ...kept, name: { type: 'integer' } } : kept);
  });
}

/** A contract of Pact 3: each interaction gets one thing, of the models in turn. */
export function contractOf(operations: number, interactions: number): Part {
  const models = Math.ceil(operations / 3);
  return {
    consumer: { name: 'reader' },
    provider: { name: 'things' },
    interactions: Array.from({ length: interactions }, (_, index) => ({
      description: `thing number ${index}`,
      request: {
        method: 'GET',
        path: `/things${index % models}/${index + 1}`,
        headers: { Accept: 'application/json' },
      },
      response: {
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: { id: 1, name: 'a', kind: 'new' },
        matchingRules: {
          body: {
            '$.id': { matchers: [{ match: 'integer' }] },
            '$.name': { matchers: [{ match: 'type' }] },
            '$.kind': { matchers: [{ match: 'regex', regex: 'new|old' }] },
          },
        },
      },
    })),
    metadata: { pactSpecification: { version: '3.0.0' } },
  };
}

function propertiesOf(index: number): Part {
  return {
    id: { type: 'integer' },
    name: { type: 'string', minLength: 1, example: `thing ${index}` },
    kind: { type: 'string', enum: ['new', 'old'] },
    at: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'string' } },
    notes: { type: 'object', additionalProperties: { type: 'string' } },
    price: { type: 'number', nullable: true },
  };
}

function modelOf(index: number, properties: Part = propertiesOf(index)): Part {
  return { type: 'object', required: ['id', 'name', 'kind'], properties };
}

function operationsOf(index: number): { path: string; method: string; operation: Part }[] {
  const thing = { $ref: `#/components/schemas/Thing${index}` };
  const input: Part = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', minLength: 1 }, kind: { type: 'string', enum: ['new', 'old'] } },
  };
  const ok = (schema: Json): Part => ({ description: 'Yes.', content: json(schema) });
  const query = { in: 'query', name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 50 } };
  const id = { in: 'path', name: 'id', required: true, schema: { type: 'integer', minimum: 1 } };
  return [
    {
      path: `/things${index}/{id}`,
      method: 'get',
      operation: {
        operationId: `getThing${index}`,
        parameters: [id],
        responses: { '200': ok(thing), '400': wrong, '404': wrong },
      },
    },
    {
      path: `/things${index}`,
      method: 'get',
      operation: {
        operationId: `listThings${index}`,
        parameters: [query],
        responses: { '200': ok({ type: 'array', items: thing }), '400': wrong },
      },
    },
    {
      path: `/things${index}`,
      method: 'post',
      operation: {
        operationId: `addThing${index}`,
        requestBody: { required: true, content: json(input) },
        responses: { '201': ok(thing), '400': wrong },
      },
    },
  ];
}
