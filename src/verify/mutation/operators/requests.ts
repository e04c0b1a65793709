import type { OpenApiDocument } from '../../../openapi/document.ts';
import type { Operation } from '../../../openapi/operations.ts';
import { answeringInstead, refusal, rewriteObject } from '../edits.ts';
import { fieldsIn, itemsIn, renamed, without, type JsonObject } from '../json.ts';
import type { Operator } from '../mutant.ts';
import { operationOperator, type OperationMutation } from './define.ts';

const methods = ['post', 'put', 'patch', 'get', 'delete'];

/** Operators on what a request must be like. */
export const requestOperators: Operator[] = [
  operationOperator('path', 'an interaction with', ({ api }, operation) => [
    {
      place: operation.path,
      steps: ['paths', operation.path],
      specification: moved(api.document, operation),
      change: answeringInstead(operation.id, 'all', refusal(404)),
    },
  ]),
  operationOperator('method', 'an interaction with', ({ api: { document } }, { id, path, method }) => {
    const taken = Object.keys(document.paths?.[path] ?? {});
    const other = methods.find((each) => !taken.includes(each)) ?? 'trace';
    return [
      {
        place: method.toUpperCase(),
        steps: ['paths', path, method],
        specification: rewriteObject(document, ['paths', path], (item) => renamed(item, method, other)),
        change: answeringInstead(id, 'all', refusal(405)),
      },
    ];
  }),
  operationOperator('new required input', 'a request that succeeds for', ({ api }, operation) => [
    newParameter(api.document, operation, 'query'),
    newParameter(api.document, operation, 'header'),
    ...operation.requestTypes.map((type) => newProperty(api.document, operation, type)),
  ]),
];

/** The operation at another path; the others of its path stay where they are. */
function moved(document: OpenApiDocument, { path, method }: Operation): OpenApiDocument {
  return rewriteObject(document, ['paths'], (paths) => {
    const item = fieldsIn(paths[path]);
    const others = methods.filter((each) => each !== method && each in item);
    const rest = others.length > 0 ? { ...paths, [path]: without(item, method) } : without(paths, path);
    return { ...rest, [otherPath(path)]: others.reduce(without, item) };
  });
}

function otherPath(path: string): string {
  return path.replace(/\/?$/, '-moved').replace('}-moved', '}/moved');
}

function newParameter(document: OpenApiDocument, operation: Operation, place: 'query' | 'header'): OperationMutation {
  const name = place === 'query' ? 'newInput' : 'X-New-Input';
  const steps = ['paths', operation.path, operation.method];
  const parameter = { name, in: place, required: true, schema: { type: 'string' } };
  return {
    place: `${place} ${name}`,
    steps,
    specification: rewriteObject(document, steps, (each) => ({
      ...each,
      parameters: [...itemsIn(each['parameters']), parameter],
    })),
    change: answeringInstead(operation.id, 'successful', refusal(400)),
  };
}

function newProperty(document: OpenApiDocument, operation: Operation, type: string): OperationMutation {
  const steps = ['paths', operation.path, operation.method, 'requestBody', 'content', type, 'schema'];
  const add = (schema: JsonObject): JsonObject => ({
    ...schema,
    required: [...itemsIn(schema['required']), 'new_input'],
    properties: { ...fieldsIn(schema['properties']), new_input: { type: 'string' } },
  });
  return {
    place: `body ${type} new_input`,
    steps,
    specification: rewriteObject(document, steps, add),
    change: answeringInstead(operation.id, 'successful', refusal(400)),
  };
}
