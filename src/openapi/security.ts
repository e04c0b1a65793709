import { Problem } from '../util/errors.ts';
import type { OpenApiDocument, OperationObject, SecurityScheme } from './document.ts';
import { lookUp } from './look-up.ts';

/**
 * What an operation asks of its caller. Of several alternatives the first that the toolkit can check is taken. HTTP basic is for
 * the operation that issues tokens.
 * @throws Problem if there is none.
 */
export function securityOf(
  document: OpenApiDocument,
  operation: OperationObject,
  id: string,
  issuesTokens: boolean,
): OperationSecurity | undefined {
  const alternatives = operation.security ?? document.security ?? [];
  const refused: string[] = [];
  for (const alternative of alternatives) {
    const entries = Object.entries(alternative);
    const [entry] = entries;
    if (!entry) return undefined;
    const [scheme, scopes] = entry;
    const reference = document.components?.securitySchemes?.[scheme];
    const type = reference && entries.length === 1 ? typeOf(lookUp(document, reference)) : undefined;
    if (type === 'bearer' || (type === 'basic' && issuesTokens)) return { scheme, type, scopes };
    refused.push(entries.map(([name]) => name).join(' and '));
  }
  if (refused.length === 0) return undefined;
  throw new Problem({
    code: 'spec_unsupported',
    what: `The operation ${id} asks for security that the toolkit cannot check.`,
    facts: { found: refused.join(', or '), expected: 'OAuth 2 client credentials or HTTP bearer, alone' },
    remedy: 'Give the operation one of these in the specification, as an alternative if need be.',
  });
}

function typeOf(scheme: SecurityScheme): OperationSecurity['type'] | undefined {
  if (scheme.type === 'oauth2') return scheme.flows.clientCredentials ? 'bearer' : undefined;
  if (scheme.type !== 'http') return undefined;
  const name = scheme.scheme.toLowerCase();
  return name === 'bearer' || name === 'basic' ? name : undefined;
}

export interface OperationSecurity {
  /** Name of the security scheme. */
  scheme: string;
  type: 'bearer' | 'basic';
  /** Scopes that a bearer token must have; empty where any token will do. */
  scopes: string[];
}

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
