import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt } from '../openapi/look-up.ts';
import type { Operation } from '../openapi/operations.ts';
import { plainText } from '../openapi/parameters.ts';
import { scopesOf, type Requirement } from '../openapi/security.ts';
import { entriesOf, parseJson, parseObject, textAt, valueAt } from '../util/json.ts';
import { quoted } from './entries.ts';
import { hrefOf, Choice, Code, durationOf, Field, Status, useSession } from './parts.tsx';
import { examplesOf } from './schema-view.tsx';
import type { Session, ShownClinic } from './session.ts';

type Credentials = ShownClinic['keys'][number] & { tokenUrl: string };

interface Answer {
  status: number;
  milliseconds: number;
  text: string;
}

interface Tried {
  operation: Operation;
  /** By place and name: `query page`. */
  values: Partial<Record<string, string>>;
  type: string | undefined;
  body: string;
}

/** Calls the operation of this mock with the credentials of a key. */
export function TryIt({ api, operation }: { api: OpenApiDocument; operation: Operation }): JSX.Element {
  const session = useSession();
  const { clinics } = session;
  const [type] = operation.requestTypes;
  const [values, set] = useState<Partial<Record<string, string>>>(() => startingValues(api, operation));
  const [body, write] = useState(() => startingBody(api, operation, type));
  const [name, choose] = useState('');
  const [answer, tell] = useState<Answer | string>();
  const all = clinics.flatMap(({ clinic, tokenUrl, keys }) =>
    keys.map((key) => ({ ...key, tokenUrl, name: `${clinic} / ${key.clientId}` })),
  );
  const key = all.find((each) => each.name === name) ?? all.find(({ status }) => status === 'active') ?? all[0];
  const clinic = clinics.find(({ tokenUrl }) => tokenUrl === key?.tokenUrl)?.clinic;
  const tried: Tried = {
    operation,
    // The account in a token URL follows the chosen key.
    values: operation.issuesTokens && clinic !== undefined ? filledIn(operation, values, clinic) : values,
    type,
    body,
  };
  const send = async (): Promise<void> => {
    tell('Sending.');
    tell(await call(session, tried, key).catch((error: unknown) => String(error)));
    await session.look();
  };
  return (
    <section aria-label="Call the operation" class="panel try">
      <div class="bar flat">
        <Choice label="Credentials" value={key?.name ?? ''} values={all.map((each) => each.name)} change={choose} />
        <button type="button" class="main" onClick={() => void send()}>
          Try it
        </button>
        <code class="data quiet">{commandOf(session.url, tried)}</code>
      </div>
      {operation.parameters.map(({ name: parameter, in: place }) => (
        <Field key={`${place} ${parameter}`} label={parameter} hint={place}>
          {(id) => (
            <input
              id={id}
              type="text"
              value={tried.values[`${place} ${parameter}`] ?? ''}
              onInput={({ currentTarget }) => set({ ...values, [`${place} ${parameter}`]: currentTarget.value })}
            />
          )}
        </Field>
      ))}
      {type !== undefined && (
        <textarea
          aria-label={`Body, ${type}`}
          rows={5}
          spellcheck={false}
          value={body}
          onInput={({ currentTarget }) => write(currentTarget.value)}
        />
      )}
      <div role="status">
        {typeof answer === 'string' && <p class="quiet small">{answer}</p>}
        {typeof answer === 'object' && (
          <>
            <p class="data">
              <Status entry={answer} /> {durationOf(answer.milliseconds)}{' '}
              <a href={hrefOf(session, 'requests', session.entries.at(-1)?.id)}>in the journal</a>
            </p>
            <Code text={answer.text} name="the answer" />
          </>
        )}
      </div>
    </section>
  );
}

function startingValues(api: OpenApiDocument, { parameters }: Operation): Partial<Record<string, string>> {
  return Object.fromEntries(
    parameters.flatMap(({ name, in: place, required, steps }) => {
      const fields = partAt(api, steps)?.fields ?? {};
      const schema = partAt(api, [...steps, 'schema'])?.fields ?? {};
      const given = fields['example'] ?? schema['example'] ?? valueAt(schema, ['examples', '0']) ?? schema['default'];
      return required && given !== undefined ? [[`${place} ${name}`, plainText(given)]] : [];
    }),
  );
}

function startingBody(api: OpenApiDocument, { steps }: Operation, type: string | undefined): string {
  const media = type === undefined ? undefined : partAt(api, [...steps, 'requestBody', 'content', type]);
  const [[, value] = ['', undefined]] = media ? examplesOf(api, media) : [];
  if (value === undefined) return '';
  if (type?.endsWith('urlencoded')) {
    return new URLSearchParams(entriesOf(value).map(([name, each]) => [name, plainText(each)])).toString();
  }
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function filledIn({ parameters }: Operation, values: Tried['values'], clinic: string): Tried['values'] {
  const filled = { ...values };
  for (const { name, in: place } of parameters) if (place === 'path') filled[`path ${name}`] = clinic;
  return filled;
}

function targetOf(url: string, { operation, values }: Tried): string {
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
    encodeURIComponent(values[`path ${name}`] ?? ''),
  );
  const search = new URLSearchParams();
  for (const { name, in: place } of operation.parameters) {
    const value = values[`${place} ${name}`] ?? '';
    if (place === 'query' && value !== '') search.set(name, value);
  }
  return `${url}${operation.serverPath}${path}${search.size > 0 ? `?${search.toString()}` : ''}`;
}

function headersOf({ operation, values, type }: Tried): Record<string, string> {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  for (const { name, in: place } of operation.parameters) {
    const value = values[`${place} ${name}`] ?? '';
    if (place === 'header' && value !== '') headers[name] = value;
  }
  return headers;
}

function commandOf(url: string, tried: Tried): string {
  const { operation, type, body } = tried;
  const method = operation.method === 'get' ? [] : [`-X ${operation.method.toUpperCase()}`];
  const words = ['curl -sS', ...method, quoted(targetOf(url, tried))];
  for (const [name, value] of Object.entries(headersOf(tried))) words.push('-H', quoted(`${name}: ${value}`));
  const [asked] = operation.security.alternatives[0] ?? [];
  if (asked?.presented === 'bearer') words.push('-H "Authorization: Bearer $TOKEN"');
  if (asked?.presented === 'basic') words.push('-u "$CLIENT_ID:$CLIENT_SECRET"');
  if (type !== undefined && body !== '') words.push('--data-raw', quoted(body));
  return words.join(' ');
}

async function call(session: Session, tried: Tried, key: Credentials | undefined): Promise<Answer> {
  const { operation, type, body } = tried;
  const headers = new Headers(headersOf(tried));
  const url = new URL(targetOf(session.url, tried));
  for (const requirement of operation.security.alternatives[0] ?? []) {
    if (key) await present(session, requirement, key, headers, url);
  }
  const began = performance.now();
  const method = operation.method.toUpperCase();
  const response = await fetch(url, { method, headers, ...(type === undefined ? {} : { body }) });
  const milliseconds = performance.now() - began;
  const said = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  const text = await response.text();
  const value = parseJson(text);
  // A token that the page shows could be read over a shoulder, and stands in screenshots.
  const shown = value === undefined ? text : JSON.stringify(value, hideTokens, 2);
  if (response.status === 401) tokens.clear();
  return { status: response.status, milliseconds, text: [...said, '', shown].join('\n') };
}

function hideTokens(name: string, value: unknown): unknown {
  return name.endsWith('_token') && typeof value === 'string' ? `${value.slice(0, 12)}…` : value;
}

/** Puts what an operation asks of its caller into the request. */
async function present(
  session: Session,
  { presented, definition, scopes, scheme }: Requirement,
  key: Credentials,
  headers: Headers,
  url: URL,
): Promise<void> {
  const { clientId, clientSecret } = key;
  const place = definition?.place;
  if (presented === 'basic') headers.set('authorization', `Basic ${btoa(`${clientId}:${clientSecret}`)}`);
  if (presented === 'key' && place && 'name' in place) {
    if (place.in === 'query') url.searchParams.set(place.name, clientSecret);
    else if (place.in === 'header') headers.set(place.name, clientSecret);
  }
  if (presented !== 'bearer') return;
  const wanted = scopesOf({ presented, definition, scopes, scheme });
  const token = definition?.type === 'http' ? clientSecret : await tokenFor(session, key, wanted);
  headers.set('authorization', `Bearer ${token}`);
}

/** Tokens by the key, until one is refused; they end with the page. */
const tokens = new Map<string, string>();

async function tokenFor(session: Session, key: Credentials, scopes: readonly string[]): Promise<string> {
  const { clientId, clientSecret, tokenUrl } = key;
  const name = `${tokenUrl} ${clientId} ${scopes.join(' ')}`;
  const known = tokens.get(name);
  if (known !== undefined) return known;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  // The mock may be known to others by another name than to this page.
  const url = new URL(new URL(tokenUrl).pathname, session.root);
  const headers = { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` };
  const response = await fetch(url, { method: 'POST', headers, body: form });
  const text = await response.text();
  const token = textAt(parseObject(text), 'access_token');
  if (token === undefined) throw new Error(`The token request was answered with ${response.status}: ${text}`);
  tokens.set(name, token);
  return token;
}
