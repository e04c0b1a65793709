import {
  each,
  watchExpiredTokens,
  watchForbidden,
  watchRedirects,
  watchRetries,
  watchTokenRequests,
  watchUnavailable,
  type Severity,
  type Watch,
} from './watches.ts';

export interface FindingRule {
  id: string;
  /** The requirement of openapi/client-rules that it violates. */
  requirement: string;
  severity: Severity;
  /** What is wrong. */
  message: string;
  remedy: string;
  /** The source of the rule, besides the specification. */
  source: string;
  /** @param lifetime of a token, in seconds. */
  begin: (lifetime: number) => Watch;
}

export const rules: readonly FindingRule[] = [
  {
    id: 'credentials-in-query',
    requirement: 'credentials-not-in-url',
    severity: 'error',
    message: 'The query of a URL contains a secret or a token, where logs and proxies keep it.',
    remedy: 'Send the secret by HTTP Basic and the token in the Authorization header.',
    source: 'RFC 6749 section 2.3.1, RFC 6750 section 2.3',
    begin: each(({ credentialsInQuery }) => credentialsInQuery !== undefined),
  },
  {
    id: 'browser-origin',
    requirement: 'no-browser-origin',
    severity: 'error',
    message: 'The request has the Origin of a web page, so credentials are in code that runs in a browser.',
    remedy: 'Call the API from a server, and let the page call that server.',
    source: 'RFC 6749 section 2.1: only a confidential client can keep a secret',
    begin: each(({ origin }) => origin !== undefined),
  },
  {
    id: 'secret-in-form',
    requirement: 'token-by-basic',
    severity: 'warn',
    message: 'The form of a token request contains the client secret.',
    remedy: 'Send id and secret by HTTP Basic.',
    source: 'RFC 6749 section 2.3.1',
    begin: each(({ authentication }) => authentication === 'form'),
  },
  {
    id: 'mixed-up-credentials',
    requirement: 'token-by-basic',
    severity: 'error',
    message: 'A token request authenticates as one client by HTTP Basic, and names another as client_id in its form.',
    remedy: 'Send id and secret of one client by HTTP Basic, and no client_id in the form.',
    source: 'RFC 6749 section 2.3',
    begin: each(({ habits }) => habits?.includes('mixed-up-credentials') === true),
  },
  {
    id: 'misspelt-parameter',
    requirement: 'token-request-form',
    severity: 'warn',
    message: 'The form of a token request has a parameter that only looks like one of OAuth, such as scopes for scope.',
    remedy: 'Correct its name: a token endpoint ignores parameters that it does not know.',
    source: 'RFC 6749 section 3.2',
    begin: each(({ habits }) => habits?.includes('misspelt-parameter') === true),
  },
  {
    id: 'basic-not-encoded',
    requirement: 'token-by-basic',
    severity: 'warn',
    message: 'HTTP Basic has an id or a secret with + or % as it is; a token endpoint may read another one.',
    remedy: 'Encode both as in a form before they are joined: + as %2B, % as %25.',
    source: 'RFC 6749 section 2.3.1 and appendix B',
    begin: each(({ habits }) => habits?.includes('basic-not-encoded') === true),
  },
  {
    id: 'credentials-after-redirect',
    requirement: 'redirect-credentials',
    severity: 'error',
    message: 'A redirect was followed with credentials, which its target has no right to.',
    remedy: 'Do not follow redirects, or drop the Authorization header first.',
    source: 'RFC 9110 section 15.4 and RFC 6750 section 5.3',
    begin: watchRedirects,
  },
  {
    id: 'clinic-in-path',
    requirement: 'no-account-in-path',
    severity: 'error',
    message: 'The path has an extra segment, probably a clinic id.',
    remedy: 'Remove it: the bearer token identifies the clinic.',
    source: 'the paths of the specification',
    begin: each(({ reason }) => reason === 'clinic_in_path'),
  },
  {
    id: 'token-not-cached',
    requirement: 'token-cached',
    severity: 'warn',
    message: 'A token was requested while the last one of the same key had more than half of its lifetime left.',
    remedy: 'Keep the token, share it between calls, and renew it shortly before it expires.',
    source: 'RFC 6749 section 5.1 (expires_in)',
    begin: watchTokenRequests,
  },
  {
    id: 'expired-token-used',
    requirement: 'token-renewed',
    severity: 'warn',
    message: 'An expired token was used.',
    remedy: "Renew it before expires_in has passed. In a test that moves the mock's clock, give the client its time.",
    source: 'RFC 6749 section 5.1 (expires_in), RFC 6750 section 3.1 (invalid_token)',
    begin: watchExpiredTokens,
  },
  {
    id: 'unavailable-not-retried',
    requirement: 'unavailable-retried',
    severity: 'warn',
    message: 'A call was answered with 503 and not retried within a minute.',
    remedy: 'Retry with growing, random pauses, and give up after some attempts.',
    source: 'RFC 9110 section 15.6.4 (503)',
    begin: watchUnavailable,
  },
  {
    id: 'retried-without-backoff',
    requirement: 'unavailable-pauses',
    severity: 'warn',
    message: 'A failed call was retried before Retry-After, or more than once without growing pauses.',
    remedy: 'Wait as long as Retry-After says; without it, let the pauses grow exponentially, with jitter.',
    source: 'RFC 9110 section 10.2.3 (Retry-After) and section 15.6.4 (503)',
    begin: watchRetries,
  },
  {
    id: 'retried-after-forbidden',
    requirement: 'forbidden-not-retried',
    severity: 'warn',
    message: 'A call was answered with 403 and retried within a minute.',
    remedy: 'Do not retry: the key was revoked or has expired, and only an administrator can issue a new one.',
    source: 'RFC 9110 section 15.5.4 (403)',
    begin: watchForbidden,
  },
];
