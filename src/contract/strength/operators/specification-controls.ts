import type { Draft, Operator } from '../../../verify/mutation/mutant.ts';
import { rewriteObject } from '../rewrite.ts';
import type { Subject } from '../../../verify/mutation/targets.ts';

/** Changes of the specification alone that break nobody. */
export const specificationControls: Operator[] = [
  control('optional input added', ({ api: { document, operations } }) =>
    operations.map(({ id, path, method }) => {
      const steps = ['paths', path, method];
      const parameter = { name: 'newInput', in: 'query', required: false, schema: { type: 'string' } };
      const specification = rewriteObject(document, steps, (each) => ({
        ...each,
        parameters: [...Object(each['parameters'] ?? []), parameter],
      }));
      return { operation: id, place: 'query newInput', steps, specification };
    }),
  ),
  control('operation added', ({ api: { document, operations } }) => {
    const operation = { operationId: 'newOperation', security: [], responses: { 204: { description: 'Done.' } } };
    return [
      {
        operation: operations[0]?.id ?? '',
        place: '/new-operation',
        steps: ['paths'],
        specification: rewriteObject(document, ['paths'], (paths) => ({
          ...paths,
          '/new-operation': { get: operation },
        })),
      },
    ];
  }),
  control('other words', ({ api: { document }, answers }) =>
    answers.map(({ operation, status, steps }) => ({
      operation: operation.id,
      place: `${status} description`,
      steps,
      specification: rewriteObject(document, steps, (each) => ({ ...each, description: 'Said in other words.' })),
    })),
  ),
  control('promised now', ({ api: { document }, fields }) =>
    fields.flatMap(({ answer, data, steps, property }) => {
      if (!property || property.required) return [];
      const specification = rewriteObject(document, property.holder, (schema) => ({
        ...schema,
        required: [...Object(schema['required'] ?? []), property.name],
      }));
      return [{ operation: answer.operation.id, place: `${answer.status} ${data.join('.')}`, steps, specification }];
    }),
  ),
];

function control(name: string, mutate: (subject: Subject) => Omit<Draft, 'cure'>[]): Operator {
  const cure = 'a comparison of specifications that calls this no break';
  return { name, expected: 'accepted', mutate: (subject) => mutate(subject).map((draft) => ({ ...draft, cure })) };
}
