import { each, type Rule } from './rule.ts';

export const credentialsInQuery: Rule = {
  id: 'credentials-in-query',
  severity: 'error',
  message: 'A secret or a token stands in the query of a URL, where logs and proxies keep it.',
  remedy: 'Send the secret by HTTP Basic and the token in the Authorization header.',
  source: 'RFC 6749 section 2.3.1, RFC 6750 section 2.3',
  begin: each(({ credentialsInQuery: names }) => names !== undefined),
};
