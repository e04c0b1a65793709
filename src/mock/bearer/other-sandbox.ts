import { decodeJwt } from 'jose';
import { fillTemplate } from '../../openapi/path-template.ts';
import { paths } from '../routing/paths.ts';
import type { Sandbox } from '../state/sandbox.ts';

/** Whether a token says that another sandbox of the same mock has issued it, or that the mock itself has. */
export function isOfAnotherSandbox({ url }: Sandbox, token: string): boolean {
  const issuer = claimedIssuer(token) ?? '';
  const at = issuer.lastIndexOf(fillTemplate(paths.issuer, { clinic: '' }));
  const world = issuer.slice(0, at);
  return at > 0 && world !== url && mockOf(world) === mockOf(url);
}

function mockOf(url: string): string {
  return url.replace(/\/s\/[^/]+$/, '');
}

function claimedIssuer(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    // It has not been checked: it may be anything.
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}
