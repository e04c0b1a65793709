import { Problem } from '../util/errors.ts';

/**
 * The URL without a slash at its end.
 * @throws Problem if it is no http or https URL, or has more than an origin: the mock's paths begin right behind it.
 */
export function checkPublicUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`) return parsed.origin;
  throw new Problem({
    code: 'public_url_unusable',
    what: 'The public URL cannot be used.',
    facts: { expected: 'http or https, a host, perhaps a port, and nothing else: https://mock.example:8443' },
    remedy: 'Correct --public-url URL, or leave it out if clients reach the mock where it listens.',
  });
}
