import type { Operation } from '../../spec/operation.ts';
import { tokenForm } from './access.ts';
import { describeBody, describeParameters, type DescribedParameter } from '../../contract/conformance/described.ts';
import { writeBody, type Draft } from './requests.ts';
import type { Run } from './run.ts';

/**
 * Valid requests for an operation, without a token: first one with what is required alone, then others with more. Empty where
 * there is no value for something that is required, which is noted.
 */
export function validDrafts(run: Run, operation: Operation): Draft[] {
  if (operation.issuesTokens) return [tokenDraft(run, operation)];
  const { document } = run.api;
  const parameters = describeParameters(document, operation).map((parameter) => ({
    parameter,
    values: run.samples
      .valid(parameter.steps, parameter.schema, run.cases)
      .filter((value) => canStand(parameter, value)),
  }));
  const body = describeBody(document, operation);
  const bodies = body ? run.samples.valid(body.steps, body.schema, run.cases) : [];
  const missing = [
    ...parameters
      .filter(({ parameter, values }) => needed(parameter) && values.length === 0)
      .map(({ parameter }) => `the parameter ${parameter.name}`),
    ...(body && bodies.length === 0 ? ['the body'] : []),
    ...(!body && operation.requestTypes.length > 0 ? [`a body of type ${operation.requestTypes.join(' or ')}`] : []),
  ];
  if (missing.length > 0) {
    const sentence = `No valid value could be made for ${missing.join(' and ')}. Give the specification an example of it.`;
    run.note(operation, { rule: 'request', result: 'not verifiable', sentence });
    return [];
  }
  return Array.from({ length: run.cases }, (_, index) => ({
    operation,
    parameters: parameters
      // One request has all that is optional, one has nothing of it, others have some.
      .filter(
        ({ parameter, values }, at) =>
          needed(parameter) || (values.length > 0 && index > 0 && (index === 1 || (index + at) % 2 === 0)),
      )
      .map(({ parameter, values }) => ({ parameter, value: values[index % values.length] })),
    ...(body ? { body: { type: body.type, bytes: writeBody(body.type, bodies[index % bodies.length]) } } : {}),
  }));
}

function needed({ in: place, required }: DescribedParameter): boolean {
  return place === 'path' || required;
}

/** Some values are valid and still cannot be told from another path, or from no header. */
function canStand({ in: place }: DescribedParameter, value: unknown): boolean {
  if (place === 'path') return !/^\.{0,2}$|\//.test(String(value));
  return place !== 'header' || /^[!-~]([ -~]*[!-~])?$/.test(String(value));
}

/** The path's parameters stand in the token URL already. */
function tokenDraft({ api }: Run, operation: Operation): Draft {
  const type = 'application/x-www-form-urlencoded';
  return { operation, parameters: [], body: { type, bytes: writeBody(type, tokenForm(api.flow?.scopes ?? [])) } };
}
