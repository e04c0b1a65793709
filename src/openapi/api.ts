import type { OpenApiDocument } from './document.ts';
import type { Operation } from '../spec/operation.ts';
import { readOperations } from './operations.ts';
import { SchemaChecker } from './schema-checker.ts';
import { readTokenSettings, type TokenSettings } from './oauth.ts';
import { clientCredentialsFlow, type ClientCredentialsFlow } from '../spec/token-flow.ts';

/** Everything that the toolkit knows of one API. */
export interface Api {
  document: OpenApiDocument;
  operations: Operation[];
  /** How a caller gets a bearer token, or undefined where the document has no such flow. */
  flow: ClientCredentialsFlow | undefined;
  tokens: TokenSettings;
  schemas: SchemaChecker;
}

/**
 * Reads the specification of an API.
 * @throws Problem if the file cannot be used as it is.
 */
export async function readApi(file: string): Promise<Api> {
  // All that it takes to read YAML and to validate OpenAPI comes behind this import: a document may have been read already.
  const { readSpec } = await import('./load/load.ts');
  return apiOf(await readSpec(file));
}

/** What a document says that was read and found to be valid. */
export function apiOf(document: OpenApiDocument): Api {
  const operations = readOperations(document);
  return {
    document,
    operations,
    flow: clientCredentialsFlow(document),
    tokens: readTokenSettings(document, operations),
    schemas: new SchemaChecker(document),
  };
}
