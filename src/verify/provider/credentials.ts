import { Problem } from '../../util/errors.ts';

/** Environment variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Credentials {
  tokenUrl: URL;
  clientId: string;
  clientSecret: string;
}

/**
 * The credentials of a real provider, from `ARZAMED_TOKEN_URL`, `ARZAMED_CLIENT_ID` and `ARZAMED_CLIENT_SECRET`.
 * @throws Problem naming the variables that are missing or unusable. It shows none of their values.
 */
export function readCredentials(environment: Environment): Credentials {
  const names = ['ARZAMED_TOKEN_URL', 'ARZAMED_CLIENT_ID', 'ARZAMED_CLIENT_SECRET'] as const;
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new Problem({
      code: 'credentials_missing',
      what: `The provider is a real one, and the environment has no ${missing.join(', no ')}.`,
      remedy: 'Set what came with the credentials, or name the URL that sets provider states with --states URL.',
    });
  }
  const [tokenUrl = '', clientId = '', clientSecret = ''] = names.map((name) => environment[name]);
  return { tokenUrl: checkTokenUrl(tokenUrl), clientId, clientSecret };
}

/** HTTP Basic of client id and secret, form-encoded first as RFC 6749 section 2.3.1 has it. */
export function basicOf({ clientId, clientSecret }: Pick<Credentials, 'clientId' | 'clientSecret'>): string {
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}

/** The secret goes to this URL, so nobody on the way may be able to read it. */
function checkTokenUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && !url.username && !url.password && isConfidential(url)) return url;
  throw new Problem({
    code: 'credentials_missing',
    what: 'ARZAMED_TOKEN_URL cannot be used: the secret would go to it.',
    facts: { expected: 'a https URL, or http on this machine, without user and password' },
    remedy: 'Set it to the token URL that came with the credentials.',
  });
}

/** Whether nobody on the way can read what goes to a URL. */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(.+\.)?localhost$|^127\.[\d.]+$|^\[::1\]$/.test(hostname));
}
