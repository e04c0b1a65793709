import { successSchema } from '../../openapi/responses.ts';
import { servedOperations } from '../routing/paths.ts';
import { accountWord } from '../clinics/account.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Takes what was changed since the start over into a sandbox with other files: keys, replaced answers, and faults, which
 * are those of the old one. Clock, journal and findings are shared.
 * @returns a sentence for each thing that does not fit any more.
 */
export function carryOver(old: Sandbox, next: Sandbox): string[] {
  const collections = old.collections.none ? [] : ['Items of collections are those of the files again.'];
  return [...carryKeys(old, next), ...carryAnswers(old, next), ...dropFaults(next), ...collections];
}

function carryKeys(old: Sandbox, next: Sandbox): string[] {
  return old.keys.list().flatMap((key) => {
    const isThere = next.keys.find(key.clientId) !== undefined;
    const wasIssued = old.keys.isIssued(key.clientId) && next.fixtures.clinic(key.clinic) !== undefined;
    if ((isThere && old.keys.isChanged(key.clientId)) || wasIssued) next.keys.keep(key, wasIssued);
    const word = accountWord(next.api);
    return isThere || wasIssued ? [] : [`The key ${key.clientId} is gone: the files of the ${word}s have it no more.`];
  });
}

function carryAnswers(old: Sandbox, next: Sandbox): string[] {
  return old.fixtures.replaced().flatMap(({ clinic, operationId, body }) => {
    const isValid = ({ api }: Sandbox): boolean => {
      const operation = api.operations.find(({ id }) => id === operationId);
      const schema = operation && successSchema(api.document, operation, operation.usualStatus);
      return schema !== undefined && api.schemas.check(schema, body).length === 0;
    };
    const isKnown = next.api.operations.some(({ id }) => id === operationId);
    // One that was invalid before was meant to be.
    old.fixtures.restore(clinic, operationId);
    const fits = isKnown && next.fixtures.clinic(clinic) !== undefined && (isValid(next) || !isValid(old));
    if (fits) next.fixtures.replace(clinic, operationId, body);
    return fits ? [] : [`The replaced answer of ${clinic} to ${operationId} is gone: it does not fit any more.`];
  });
}

function dropFaults({ api, fixtures, faults }: Sandbox): string[] {
  const operations = new Set(servedOperations(api).map(({ id }) => id));
  return faults.list().flatMap(({ id, operationId, clinic }) => {
    const lost = [
      ...(operationId === undefined || operations.has(operationId) ? [] : [`operation ${operationId}`]),
      ...(clinic === undefined || fixtures.clinic(clinic)
        ? []
        : [`${accountWord({ document: api.document })} ${clinic}`]),
    ];
    if (lost.length > 0) faults.clear(id);
    return lost.length > 0 ? [`The fault ${id} is gone: there is no ${lost.join(' and no ')} any more.`] : [];
  });
}
