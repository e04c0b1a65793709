import { each, type Rule } from './rule.ts';

export const browserOrigin: Rule = {
  id: 'browser-origin',
  severity: 'error',
  message: 'The request has the Origin of a web page, so credentials are in code that runs in a browser.',
  remedy: 'Call the API from a server, and let the page call that server.',
  source: 'RFC 6749 section 2.1: only a confidential client can keep a secret',
  begin: each(({ origin }) => origin !== undefined),
};
