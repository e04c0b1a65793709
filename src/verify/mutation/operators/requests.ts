import type { Operation } from '../../../openapi/operations.ts';
import { fieldsOf, type Fields } from '../../../util/json.ts';
import { answeringInstead, refusal } from '../edits.ts';
import { itemsIn, renamed, without } from '../json.ts';
import type { Operator } from '../mutant.ts';
import { operationOperator, type OperationEdits } from './define.ts';

const methods = ['post', 'put', 'patch', 'get', 'delete'];

export const requestOperators: Operator[] = [
  operationOperator('path', 'an interaction with', (operation) => [
    {
      place: operation.path,
      steps: ['paths', operation.path],
      at: ['paths'],
      edit: (paths) => moved(paths, operation),
      change: answeringInstead(operation.id, 'all', refusal(404)),
    },
  ]),
  operationOperator('method', 'an interaction with', ({ id, path, method }, document) => {
    const taken = Object.keys(document.paths?.[path] ?? {});
    const other = methods.find((each) => !taken.includes(each)) ?? 'trace';
    return [
      {
        place: method.toUpperCase(),
        at: ['paths', path],
        edit: (item) => renamed(item, method, other),
        change: answeringInstead(id, 'all', refusal(405)),
      },
    ];
  }),
  operationOperator('new required input', 'a request that succeeds for', (operation) => [
    newParameter(operation, 'query', 'newInput'),
    newParameter(operation, 'header', 'X-New-Input'),
    ...operation.requestTypes.map((type) => newProperty(operation, type)),
  ]),
];

/** The operation at another path; the others of its path stay where they are. */
function moved(paths: Fields, { path, method }: Operation): Fields {
  const item = fieldsOf(paths[path]) ?? {};
  const others = methods.filter((each) => each !== method && each in item);
  const rest = others.length > 0 ? { ...paths, [path]: without(item, method) } : without(paths, path);
  const other = path.replace(/\/?$/, '-moved').replace('}-moved', '}/moved');
  return { ...rest, [other]: without(item, ...others) };
}

function newParameter({ id }: Operation, place: 'query' | 'header', name: string): OperationEdits {
  const parameter = { name, in: place, required: true, schema: { type: 'string' } };
  return {
    place: `${place} ${name}`,
    edit: (each) => ({ ...each, parameters: [...itemsIn(each['parameters']), parameter] }),
    change: answeringInstead(id, 'successful', refusal(400)),
  };
}

function newProperty({ id, path, method }: Operation, type: string): OperationEdits {
  return {
    place: `body ${type} new_input`,
    steps: ['paths', path, method, 'requestBody', 'content', type, 'schema'],
    edit: (schema) => ({
      ...schema,
      required: [...itemsIn(schema['required']), 'new_input'],
      properties: { ...fieldsOf(schema['properties']), new_input: { type: 'string' } },
    }),
    change: answeringInstead(id, 'successful', refusal(400)),
  };
}
