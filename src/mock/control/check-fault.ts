import { exampleNames } from '../../spec/examples.ts';
import type { Fault } from '../faults/fault.ts';
import { withTokenEndpoint } from '../routing/token-operation.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { checkHeaders, checkJson } from './check-values.ts';
import { ControlError } from './control-error.ts';
import { notFound } from './not-found.ts';

/** What of a fault makes something go wrong. */
const effects = ['status', 'headers', 'body', 'contentType', 'delay', 'delivery', 'expiresIn'] as const;

/** @throws ControlError if a fault names what does not exist, would do nothing, or no answer can be as it says. */
export function checkFault(fault: Fault, sandbox: Sandbox): void {
  const { operationId, clinic, headers = {}, body } = fault;
  const operations = withTokenEndpoint(sandbox.api.operations).map(({ id }) => id);
  if (operationId !== undefined && !operations.includes(operationId)) {
    throw notFound('operation', operationId, operations);
  }
  if (clinic !== undefined && !sandbox.fixtures.clinic(clinic)) {
    throw notFound('clinic', clinic, sandbox.fixtures.ids());
  }
  if (effects.every((effect) => fault[effect] === undefined)) {
    throw refused(`The fault says nothing that goes wrong; give at least one of ${effects.join(', ')}.`);
  }
  checkExample(fault, sandbox);
  checkLifetime(fault, sandbox);
  checkHeaders(headers);
  checkJson(body);
}

function checkExample({ operationId, status, example }: Fault, { api }: Sandbox): void {
  if (example === undefined) return;
  if (status === undefined) throw refused('An example is one of a status: give the status as well.');
  const struck = api.operations.filter(({ id }) => operationId === undefined || id === operationId);
  const known = new Set(struck.flatMap((operation) => exampleNames(api.document, operation, String(status))));
  if (!known.has(example)) throw notFound('example', `${example} of ${status}`, [...known]);
}

function checkLifetime({ operationId, expiresIn, status, body }: Fault, { api }: Sandbox): void {
  if (expiresIn === undefined) return;
  const issuesTokens = withTokenEndpoint(api.operations).some((each) => each.id === operationId && each.issuesTokens);
  if (operationId !== undefined && !issuesTokens) {
    throw refused(`The operation ${operationId} issues no tokens, so it says no expiresIn: leave operationId out.`);
  }
  if (status !== undefined || body !== undefined) {
    throw refused('expiresIn changes the answer with the token: it cannot stand beside status or body.');
  }
}

function refused(message: string): ControlError {
  return new ControlError('bad_request', message);
}
