import type { OpenApiDocument } from '../../../openapi/document.ts';
import { entriesOf, fieldsOf, type Fields } from '../../../pact/input.ts';
import { partsBelow, type Part } from '../../../verify/guarantee/operation.ts';

/** The security schemes of a document, by name. */
export function securitySchemes(document: OpenApiDocument): Map<string, Part> {
  return partsBelow(document, ['components', 'securitySchemes']);
}

/** One way of an OAuth 2 scheme to a token. */
export interface Flow {
  /** `clientCredentials` and the like. */
  name: string;
  scheme: string;
  steps: readonly string[];
  tokenUrl: string | undefined;
  scopes: ReadonlySet<string>;
}

/** All flows of all OAuth 2 schemes of a document. */
export function flowsOf(document: OpenApiDocument): Flow[] {
  return [...securitySchemes(document)].flatMap(([scheme, { steps, fields }]) => {
    if (fields['type'] !== 'oauth2') return [];
    return entriesOf(fields['flows']).flatMap(([name, value]) => {
      const flow = fieldsOf(value);
      return flow ? [flowOf(name, scheme, [...steps, 'flows', name], flow)] : [];
    });
  });
}

function flowOf(name: string, scheme: string, steps: readonly string[], { tokenUrl, scopes }: Fields): Flow {
  return {
    name,
    scheme,
    steps,
    tokenUrl: typeof tokenUrl === 'string' ? tokenUrl : undefined,
    scopes: new Set(entriesOf(scopes).map(([scope]) => scope)),
  };
}
