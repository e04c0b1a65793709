import { each, type Rule } from './rule.ts';

export const secretInForm: Rule = {
  id: 'secret-in-form',
  severity: 'warn',
  message: 'The client secret stands in the form of a token request.',
  remedy: 'Send id and secret by HTTP Basic.',
  source: 'RFC 6749 section 2.3.1',
  begin: each(({ authentication }) => authentication === 'form'),
};
