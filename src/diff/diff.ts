import { methods, type OpenApiDocument } from '../openapi/document.ts';
import { partAt, partsBelow } from '../openapi/look-up.ts';
import { operationName, readServers, serverUrl } from '../openapi/operations.ts';
import { change, compareNamed, type Change, type FoundChange } from './change.ts';
import { compareRequests, compareResponses, type ComparedOperation } from './compare-operations.ts';
import { SchemaComparison } from './compare-schemas.ts';
import { compareSchemes, compareSecurity } from './compare-security.ts';
import { textAt } from '../util/json.ts';

/** What has changed between two specifications, for those who call the API; breaking changes first. */
export function diffSpecifications(before: OpenApiDocument, after: OpenApiDocument): Change[] {
  const [was, is] = [operationsOf(before), operationsOf(after)];
  const schemas = new SchemaComparison(before, after);
  const found = [
    ...compareServers(serverUrl(before.servers).href, serverUrl(after.servers).href, 'The API'),
    ...compareSchemes(before, after),
    ...compareNamed([was, is], {
      rule: 'operation',
      subject: () => 'The operation',
      compare: (_, ...pair) => [
        ...compareIds(...pair),
        ...compareServers(ownServer(pair[0]), ownServer(pair[1]), 'The operation'),
        ...compareSecurity(...pair),
        ...compareRequests(schemas, pair),
        ...compareResponses(schemas, pair),
      ],
      details: (key) => {
        const old = was.get(key);
        const id = old?.fields['operationId'];
        const name = (old ?? is.get(key))?.name ?? key;
        return { operation: name, ...(typeof id === 'string' ? { operationId: id } : {}) };
      },
    }),
  ];
  const changes = found.map((each): Change => ({ part: 'operation', ...each }));
  return changes.toSorted((a, b) => Number(b.severity === 'breaking') - Number(a.severity === 'breaking'));
}

/** Operations by method and path without the names of its parameters, which are never sent. */
function operationsOf(document: OpenApiDocument): Map<string, ComparedOperation> {
  const operations = new Map<string, ComparedOperation>();
  for (const [path, item] of partsBelow(document, ['paths'])) {
    for (const method of path.startsWith('/') ? methods : []) {
      const part = partAt(document, [...item.steps, method]);
      const key = `${method} ${path.replaceAll(/\{[^{}]*\}/g, '{}')}`;
      if (part) operations.set(key, { document, item, name: operationName({ method, path }), ...part });
    }
  }
  return operations;
}

function ownServer({ fields, item }: ComparedOperation): string {
  const servers = fields['servers'] ?? item.fields['servers'];
  return servers === undefined ? 'the server of the API' : serverUrl(readServers(servers)).href;
}

function compareServers(was: string, is: string, subject: string): FoundChange[] {
  return was === is ? [] : [change('breaking', 'server', `${subject} was at ${was}, is at ${is}.`)];
}

function compareIds(before: ComparedOperation, after: ComparedOperation): FoundChange[] {
  const [was, is = 'none'] = [before, after].map(({ fields }) => textAt(fields, 'operationId'));
  if (was === is || was === undefined) return [];
  const sentence = `The operation id was ${was}, is ${is}: the client's method has another name.`;
  return [change('breaking', 'operation-id', sentence)];
}
