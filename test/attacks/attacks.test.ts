// The table of attacks, by kind, against one mock each.
import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { bearerOf, bodyOf } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';
import { callers, controls, documents, files, requests, schemas, writings, type Hostile } from './table.ts';

let mock: Mock;
let token: string;
beforeAll(async () => {
  mock = await startUsualMock();
  token = (await bearerOf(mock, 'bianchi', { scope: 'https://api.nextgen.arzamed.com/read' })).slice('Bearer '.length);
});
afterAll(() => mock.close());

const path = '/api/v1/equipe/doctors';

describe('a request over a socket', () => {
  test.each(requests)('%s', async (_tried, bytes, happens) => {
    const { hostname, port } = new URL(mock.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes.replace('{path}', path).replace('{token}', token), 'latin1');
    expect(await text(socket)).toMatch(happens);
  });

  test('that was refused before it could be read is in the journal', async () => {
    expect(mock.journal.find({ reason: 'unreadable' }).map(({ status, method }) => `${method} ${status}`)).toEqual(
      expect.arrayContaining(['CONNECT 405', 'GET 400', 'POST 400']),
    );
    expect(mock.journal.count({ status: 417 })).toBe(1);
  });
});

describe('the control API is asked by', () => {
  test.each(callers)('%s', async (_tried, headers, happens) => {
    const sent = request(`${mock.url}/_mock/credentials`, { headers });
    const answer = new Promise<number | undefined>((resolve, reject) => {
      sent.on('error', reject).on('response', (response) => resolve(response.resume().statusCode));
    });
    sent.end();
    expect(await answer).toBe(happens);
  });

  test('nobody who takes its answers for scripts', async () => {
    const { headers } = await fetch(`${mock.url}/_mock/health`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('a GET that changes nothing', async () => {
    await using other = await startUsualMock();
    other.faults.add({ status: 503, count: 1 });
    await fetch(`${other.baseUrl}/equipe/doctors`);
    const read = async (query: string): Promise<unknown> =>
      (await bodyOf(await fetch(`${other.url}/_mock/findings${query}`)))['findings'];
    expect(await read('?ended=true')).toMatchObject([{ id: 'unavailable-not-retried' }]);
    expect(await read('')).toEqual([]);
  });
});

describe('the control API is told', () => {
  test.each(controls)('%s', async (_tried, at, body, status, says) => {
    const response = await fetch(`${mock.url}/_mock${at}`, { method: 'POST', body });
    const { message } = await bodyOf(response);
    expect([response.status, message]).toEqual([status, expect.stringContaining(says)]);
  });
});

describe('the journal does not show a secret', () => {
  const places: [name: string, init: (written: string) => [string, RequestInit]][] = [
    ['in a path', (written) => [`/${written}`, {}]],
    ['in a query', (written) => [`${path}?${written}=${written}`, {}]],
    ['in an origin', (written) => [path, { headers: { Origin: `http://${written}` } }]],
  ];
  test.each(
    writings.flatMap(([tried, write]) => places.map(([place, make]) => [`${place}, ${tried}`, write, make] as const)),
  )('%s', async (_tried, write, make) => {
    const sandbox = mock.sandboxes.create();
    const secret = sandbox.clinics[0]?.keys[0]?.clientSecret ?? '';
    // Clients mix up the worlds of a mock.
    const [target, init] = make(write(secret));
    const { body } = await fetch(mock.url + target, init);
    await body?.cancel();
    const shown = JSON.stringify(mock.journal.find().at(-1));
    expect(shown).not.toContain(write(secret));
    let read = shown;
    for (let depth = 0; depth < 8; depth += 1) {
      expect(read).not.toContain(secret);
      expect(read).not.toContain(Buffer.from(secret).toString('base64').slice(4, -4));
      read = read.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
    await sandbox.close();
  });

  test.each(['base64', 'base64url', 'hex'] as const)(
    'that the mock has not made, within other text, in %s',
    async (form) => {
      for (const before of ['', 'a', 'ab']) {
        const written = Buffer.from(`${before}not-a-secret-bianchi-backend${before}`).toString(form);
        await fetch(`${mock.url}/${written}`);
        expect(mock.journal.find().at(-1)?.path).not.toContain(written.slice(4, -6));
      }
    },
  );

  test('that stands for the id of a token which nobody signed', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = `${part({ alg: 'none' })}.${part({ jti: 'not-a-secret-bianchi-backend' })}.`;
    await fetch(mock.url + path, { headers: { Authorization: `Bearer ${forged}` } });
    expect(mock.journal.find().at(-1)?.tokenId).toBeUndefined();
  });

  test('that is the signature of a token', async () => {
    await fetch(`${mock.url}/${token.split('.')[2]}`);
    await fetch(`${mock.url}/${token.replaceAll('.', '%2E')}`);
    expect(mock.journal.find().slice(-2)).toMatchObject([{ path: '/[token]' }, { path: '/[token]' }]);
  });
});

describe('a document has', () => {
  let hostile: Mock;
  beforeAll(async () => {
    const paths = Object.fromEntries(documents.map((each, index) => [`/${index}`, operationOf(each)]));
    const info = { title: 'Hostile', version: '1' };
    await using folder = await temporaryFolder({
      'spec.json': JSON.stringify({ openapi: '3.1.0', info, paths, components: { schemas } }),
    });
    hostile = await startMock({ spec: `${folder.path}/spec.json` });
  });
  afterAll(() => hostile.close());

  test.each(documents.map((each, index) => [each.tried, index, each] as const))('%s', async (_tried, index, each) => {
    const { body, type = 'application/json', query, prefer, happens } = each;
    const url = `${hostile.url}/${index}${query === undefined ? '' : `?q=${query}`}`;
    const headers = {
      ...(body === undefined ? {} : { 'Content-Type': type }),
      ...(prefer === undefined ? {} : { Prefer: prefer }),
    };
    const method = body === undefined ? 'GET' : 'POST';
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    expect(response.status).toBe(happens);
    expect((await response.text()).length).toBeLessThan(50_000);
  });
});

describe('a specification has', () => {
  test.each(files)('%s', async (_tried, schema, more, happens) => {
    const answer = `{200: {description: x, content: {application/json: {schema: ${schema}}}}}`;
    const paths = `paths: {/a: {get: {security: [], responses: ${answer}}}}`;
    await using folder = await temporaryFolder({
      'in/spec.yaml': `openapi: 3.1.0\ninfo: {title: Hostile, version: '1'}\n${paths}\n${more}`,
      'secret.txt': 'hunter2',
    });
    execFileSync('mkfifo', [`${folder.path}/in/pipe.yaml`]);
    const said = await served(`${folder.path}/in/spec.yaml`);
    expect(said).toMatch(happens);
    expect(said).not.toContain('hunter2');
  });
});

/** What starting a mock and asking it for an answer says. */
async function served(spec: string): Promise<string> {
  try {
    await using started = await startMock({ spec });
    const response = await fetch(`${started.url}/a`);
    const body = await response.text();
    return response.ok && body.length < 50_000 ? 'served' : body;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function operationOf({ schema, body, type = 'application/json', query }: Hostile): object {
  const answer = (of: object): object => ({
    responses: { 200: { description: 'x', content: { 'application/json': { schema: of } } } },
  });
  const plain = { security: [], ...answer({ type: 'string' }) };
  if (body !== undefined)
    return { post: { ...plain, requestBody: { required: true, content: { [type]: { schema } } } } };
  if (query !== undefined) return { get: { ...plain, parameters: [{ name: 'q', in: 'query', schema }] } };
  return { get: { security: [], ...answer(schema) } };
}
