import { methods, type Method, type OpenApiDocument, type PathItem } from '../openapi/document.ts';
import { follow, lookUp } from '../openapi/look-up.ts';
import { serverUrl } from '../openapi/operations.ts';
import type { Change, Told } from './change.ts';
import { compareSchemes, compareSecurity } from './compare-security.ts';
import { compareRequests, compareResponses, type Operated } from './compare-operations.ts';
import { SchemaComparison } from './compare-schemas.ts';

/** What has changed between two specifications, for those who call the API. The gravest first. */
export function diffSpecifications(before: OpenApiDocument, after: OpenApiDocument): Change[] {
  const [was, is] = [operationsOf(before), operationsOf(after)];
  const schemas = new SchemaComparison(before, after);
  const changes: Change[] = [
    ...compareServers(before, after),
    ...compareSchemes(before, after).map((told) => ({ part: 'access' as const, ...told })),
  ];
  for (const [key, old] of was) {
    const now = is.get(key);
    const whose = {
      operation: old.name,
      ...(old.operation.operationId ? { operationId: old.operation.operationId } : {}),
    };
    if (!now) {
      changes.push({
        ...whose,
        severity: 'breaking',
        rule: 'operation-removed',
        part: 'operation',
        sentence: 'The operation is gone.',
      });
      continue;
    }
    const told: Told[] = [
      ...compareNames(old, now),
      ...compareOwnServers(old, now),
      ...compareSecurity(old, now),
      ...compareRequests(schemas, old, now),
      ...compareResponses(schemas, old, now),
    ];
    changes.push(...told.map((each) => ({ part: 'operation' as const, ...each, ...whose })));
  }
  for (const [key, now] of is) {
    if (was.has(key)) continue;
    changes.push({
      operation: now.name,
      severity: 'non-breaking',
      rule: 'operation-added',
      part: 'operation',
      sentence: 'The operation is new.',
    });
  }
  return changes.toSorted((a, b) => weight(a) - weight(b));
}

function weight({ severity }: Change): number {
  return severity === 'breaking' ? 0 : 1;
}

interface Named extends Operated {
  /** `GET /path` */
  name: string;
}

/** Operations by what a request of theirs looks like: names of parameters in the path are never sent. */
function operationsOf(document: OpenApiDocument): Map<string, Named> {
  const operations = new Map<string, Named>();
  for (const [template, reference] of Object.entries(document.paths ?? {})) {
    const item = lookUp<PathItem>(document, reference);
    const path = follow(document, ['paths', template]);
    for (const method of methods) {
      const operation = item[method];
      const name = `${method.toUpperCase()} ${template}`;
      if (operation)
        operations.set(keyOf(method, template), { document, item, operation, path, steps: [...path, method], name });
    }
  }
  return operations;
}

function keyOf(method: Method, path: string): string {
  return `${method} ${path.replaceAll(/\{[^{}]*\}/g, '{}')}`;
}

function compareServers(before: OpenApiDocument, after: OpenApiDocument): Change[] {
  const [was, is] = [serverUrl(before.servers).href, serverUrl(after.servers).href];
  if (was === is) return [];
  return [{ severity: 'breaking', rule: 'server', part: 'operation', sentence: `The API was at ${was}, is at ${is}.` }];
}

/** Servers that an operation has to itself; what all have in common is told once. */
function compareOwnServers(before: Named, after: Named): Told[] {
  const of = ({ operation, item }: Named): string | undefined => {
    const servers = operation.servers ?? item.servers;
    return servers && serverUrl(servers).href;
  };
  const [was, is] = [of(before), of(after)];
  if (was === is) return [];
  const sentence = `The operation was at ${was ?? 'the server of all'}, is at ${is ?? 'the server of all'}.`;
  return [{ severity: 'breaking', rule: 'server', sentence }];
}

function compareNames(before: Named, after: Named): Told[] {
  const [was, is] = [before.operation.operationId, after.operation.operationId];
  if (was === is || was === undefined) return [];
  return [
    {
      severity: 'breaking',
      rule: 'operation-id',
      sentence: `The operation id was ${was}, is ${is ?? 'none'}: the client's method has another name.`,
    },
  ];
}
