import type { Answer } from '../../verify/provider/exchange.ts';

/**
 * Whether an answer says only that the provider does not work just now: 5xx, too many requests, or a web page, which is
 * what gateways and load balancers put in the place of an API.
 */
export function isOutage({ status, headers }: Pick<Answer, 'status' | 'headers'>): boolean {
  return status >= 500 || status === 429 || isWebPage(headers.get('content-type'));
}

export function isWebPage(contentType: string | undefined): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '');
}
