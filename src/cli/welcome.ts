import type { MockClinic } from '../mock/control/controls.ts';
import { isLoopback } from '../mock/loopback.ts';
import type { Mock } from '../mock/instances.ts';
import { paths } from '../mock/routing/paths.ts';
import type { Operation } from '../spec/operation.ts';

/** How the mock was started, as far as a person has to be told. */
interface Started {
  /** Where it listens. */
  host: string;
  /** One that was made up for this run. */
  controlToken: string | undefined;
}

/** What `arzamed mock` prints for a person: each clinic's token URL and credentials, and a pair of calls to paste. */
export function welcome(mock: Mock, { host, controlToken }: Started): string {
  return [
    `Mock of ${mock.api.document.info.title} at ${mock.baseUrl}`,
    '',
    ...mock.clinics.flatMap(describeClinic),
    ...pasteable(mock),
    ...describeName(mock, host),
    ...describeControlToken(mock, controlToken),
    'Press Ctrl-C to stop.',
    '',
  ].join('\n');
}

/** A mock that listens under all names of the machine cannot know which of them the others use. */
function describeName({ baseUrl }: Mock, host: string): string[] {
  if (isLoopback(host) || !isLoopback(new URL(baseUrl).hostname)) return [];
  return ['Other machines know this one by another name: with --public-url URL, the URLs above say it.', ''];
}

/** A token that was given is known to who gave it, and not shown. */
function describeControlToken(mock: Mock, madeUp: string | undefined): string[] {
  if (madeUp !== undefined) return [`Control token of this run, for ${paths.control}: ${madeUp}`, ''];
  if (mock.controlToken === undefined) return [];
  return [`Requests of ${paths.control} must present the control token that was given.`, ''];
}

function describeClinic({ clinic, tokenUrl, keys }: MockClinic): string[] {
  const width = Math.max(...keys.map(({ clientId }) => clientId.length));
  return [
    `  ${clinic}  ${tokenUrl}`,
    ...keys.map(({ clientId, clientSecret, status }) => {
      const note = status === 'active' ? '' : `  (${status})`;
      return `    ${clientId.padEnd(width)}  ${clientSecret}${note}`;
    }),
    '',
  ];
}

/** A token request and a call with its token, in a POSIX shell. */
function pasteable({ baseUrl, clinics, api: { operations, flow } }: Mock): string[] {
  const operation = operations.find(isSimple);
  const [clinic] = clinics;
  const key = clinic?.keys.find(({ status }) => status === 'active');
  if (!operation || !clinic || !key) return [];
  const scope = flow && flow.scopes.length > 0 ? ` -d ${quote(`scope=${flow.scopes.join(' ')}`)}` : '';
  return [
    'Try it:',
    '',
    `  TOKEN=$(curl -sS -u ${quote(`${key.clientId}:${key.clientSecret}`)} -d grant_type=client_credentials${scope} \\`,
    `    ${clinic.tokenUrl} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `  curl -sS -H "Authorization: Bearer $TOKEN" ${new URL(baseUrl).origin}${operation.serverPath}${operation.path}`,
    '',
  ];
}

/** An operation that can be called as it stands: a GET that needs no value of the caller's. */
function isSimple({ method, parameters, security }: Operation): boolean {
  return method === 'get' && security?.type === 'bearer' && !parameters.some(({ required }) => required);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
