import { lookUp } from '../openapi/look-up.ts';
import type { OpenApiDocument } from '../openapi/document.ts';

export interface ClientCredentialsFlow {
  /** Name of the security scheme. */
  scheme: string;
  tokenUrl: string;
  scopes: string[];
}

/** The first OAuth 2 client credentials flow of a document, if it has one. */
export function clientCredentialsFlow(document: OpenApiDocument): ClientCredentialsFlow | undefined {
  for (const [scheme, reference] of Object.entries(document.components?.securitySchemes ?? {})) {
    const found = lookUp(document, reference);
    const flow = found.type === 'oauth2' ? found.flows.clientCredentials : undefined;
    if (flow) return { scheme, tokenUrl: flow.tokenUrl, scopes: Object.keys(flow.scopes) };
  }
  return undefined;
}
