import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { tokenScopes } from '../openapi/security.ts';
import type { Operation } from '../openapi/operations.ts';
import { quoted } from './entries.ts';
import { Act, Choice, Code, Copy, useSession } from './parts.tsx';
import type { ShownClinic } from './session.ts';

type Key = ShownClinic['keys'][number];

/** Stands for a secret that is not asked for. */
const dots = '••••••••';

/** The clinics with their keys, and how to call the mock as each of them. */
export function Clinics(): JSX.Element {
  const { clinics } = useSession();
  const [chosen = clinics[0]?.clinic, choose] = useState<string>();
  const clinic = clinics.find((each) => each.clinic === chosen) ?? clinics[0];
  return (
    <section aria-labelledby="clinics" class="panel">
      <div class="line">
        <h2 id="clinics">Clinics and keys</h2>
        <Choice
          label="Clinic to show"
          value={clinic?.clinic ?? ''}
          values={clinics.map((each) => each.clinic)}
          change={choose}
        />
      </div>
      {clinic && <Credentials key={clinic.clinic} clinic={clinic} />}
    </section>
  );
}

function Credentials({ clinic: { clinic, tokenUrl, keys } }: { clinic: ShownClinic }): JSX.Element {
  const [expiresAt, setExpiry] = useState('');
  const expiry = expiresAt === '' ? {} : { expiresAt: `${expiresAt}:00Z` };
  return (
    <>
      <p class="data tight">
        {tokenUrl} <Copy text={tokenUrl} name="the token URL" />
      </p>
      <ul class="rows">
        {keys.map((key) => (
          <KeyRow key={key.clientId} entry={key} />
        ))}
      </ul>
      <p class="bar flat">
        <Act call={(control) => control.issueKey({ body: { clinic, ...expiry } })}>issue a key</Act>
        <label class="quiet small">
          expires (UTC){' '}
          <input
            type="datetime-local"
            value={expiresAt}
            onInput={({ currentTarget }) => setExpiry(currentTarget.value)}
          />
        </label>
      </p>
      <Snippets tokenUrl={tokenUrl} keys={keys} />
    </>
  );
}

function KeyRow({ entry: { clientId, clientSecret, status } }: { entry: Key }): JSX.Element {
  const [isShown, show] = useState(false);
  const path = { clientId };
  return (
    <li class="line data key">
      <span>
        <span class={status === 'active' ? 'good' : 'worse'}>{status}</span> {clientId}{' '}
        <Copy text={clientId} name={`the id ${clientId}`} />
        <br />
        <span class="quiet">{isShown ? clientSecret : dots}</span>{' '}
        <button
          type="button"
          class="copy"
          aria-label={`${isShown ? 'Hide' : 'Show'} the secret of ${clientId}`}
          onClick={() => show(!isShown)}
        >
          {isShown ? 'hide' : 'show'}
        </button>
        <Copy text={clientSecret} name={`the secret of ${clientId}`} />
      </span>
      <span class="acts">
        {status === 'active' ? (
          <>
            <Act tone="danger" name={`Revoke ${clientId}`} call={(control) => control.revokeKey({ path })}>
              revoke
            </Act>
            <Act name={`Expire ${clientId}`} call={(control) => control.expireKey({ path })}>
              expire
            </Act>
          </>
        ) : (
          <Act name={`Restore ${clientId}`} call={(control) => control.restoreKey({ path })}>
            restore
          </Act>
        )}
      </span>
    </li>
  );
}

const languages = ['curl', 'env', 'Python', 'Node'] as const;

/** The same first call in several languages, with the credentials of a key. */
function Snippets({ tokenUrl, keys }: Pick<ShownClinic, 'tokenUrl' | 'keys'>): JSX.Element | null {
  const { operations, url } = useSession();
  const [language, choose] = useState<string>('curl');
  const [chosen, chooseKey] = useState('');
  const key =
    keys.find(({ clientId }) => clientId === chosen) ?? keys.find(({ status }) => status === 'active') ?? keys[0];
  const operation = operations.find(
    ({ method, parameters, issuesTokens }) =>
      method === 'get' && !issuesTokens && !parameters.some(({ required }) => required),
  );
  if (!key) return null;
  const written = (clientSecret: string): string =>
    snippet(language, { ...key, clientSecret, tokenUrl, url, operation });
  return (
    <>
      <div class="bar flat">
        <Choice label="Language" value={language} values={languages} change={choose} />
        <Choice
          label="Key of the snippet"
          value={key.clientId}
          values={keys.map(({ clientId }) => clientId)}
          change={chooseKey}
        />
      </div>
      <Code text={written(dots)} copied={written(key.clientSecret)} name={`the snippet for ${language}`} />
    </>
  );
}

interface Used {
  clientId: string;
  clientSecret: string;
  tokenUrl: string;
  /** Of the mock or sandbox. */
  url: string;
  operation: Operation | undefined;
}

function snippet(language: string, { clientId, clientSecret, tokenUrl, url, operation }: Used): string {
  const { serverPath = '', path = '/' } = operation ?? {};
  const scope = (operation && tokenScopes(operation.security)?.join(' ')) ?? '';
  const target = url + serverPath + path;
  const scoped = scope === '' ? '' : ` -d ${quoted(`scope=${scope}`)}`;
  const text = (value: string): string => JSON.stringify(value);
  switch (language) {
    case 'env':
      return [
        `export TOKEN_URL=${quoted(tokenUrl)}`,
        `export CLIENT_ID=${quoted(clientId)}`,
        `export CLIENT_SECRET=${quoted(clientSecret)}`,
        `export BASE_URL=${quoted(url + serverPath)}`,
      ].join('\n');
    case 'Python':
      return [
        'import requests',
        '',
        `form = {"grant_type": "client_credentials"${scope === '' ? '' : `, "scope": ${text(scope)}`}}`,
        `token = requests.post(${text(tokenUrl)}, data=form,`,
        `    auth=(${text(clientId)}, ${text(clientSecret)}), timeout=10).json()["access_token"]`,
        `print(requests.get(${text(target)},`,
        '    headers={"Authorization": f"Bearer {token}"}, timeout=10).json())',
      ].join('\n');
    case 'Node':
      return [
        `const basic = btoa(${text(`${clientId}:${clientSecret}`)});`,
        `const body = new URLSearchParams({ grant_type: 'client_credentials'${scope === '' ? '' : `, scope: ${text(scope)}`} });`,
        'const headers = { Authorization: `Basic ${basic}` };',
        `const answer = await fetch(${text(tokenUrl)}, { method: 'POST', headers, body });`,
        'const { access_token: token } = await answer.json();',
        `const called = await fetch(${text(target)}, { headers: { Authorization: \`Bearer \${token}\` } });`,
        'console.log(await called.json());',
      ].join('\n');
    default:
      return [
        `TOKEN=$(curl -sS ${quoted(tokenUrl)} -u ${quoted(`${clientId}:${clientSecret}`)} \\`,
        `  -d grant_type=client_credentials${scoped} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
        `curl -sS ${quoted(target)} -H "Authorization: Bearer $TOKEN"`,
      ].join('\n');
  }
}
