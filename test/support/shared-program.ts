import { Agent, request } from 'node:http';
import { drawBelow, drawFrom, seededRandom } from '../../src/util/random.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const doctors = '/api/v1/equipe/doctors';
const depots = '/api/v1/depots';

/** The bundled clinics, with a collection of one. */
export const depotPaths = {
  '/depots': {
    get: {
      operationId: 'listDepots',
      security: [],
      responses: { 200: { description: 'All.', content: { 'application/json': { schema: listOf('Depot') } } } },
    },
    post: {
      operationId: 'addDepot',
      security: [],
      requestBody: { content: { 'application/json': { schema: named('Depot') } } },
      responses: { 201: { description: 'Added.', content: { 'application/json': { schema: named('Depot') } } } },
    },
  },
  '/depots/{id}': {
    delete: {
      operationId: 'removeDepot',
      security: [],
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 204: { description: 'Gone.' }, 404: { description: 'There is none.' } },
    },
  },
};

export const depotSchema = {
  type: 'object',
  required: ['name'],
  properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string' }, code: { type: 'string' } },
};

function named(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

function listOf(name: string): object {
  return { type: 'array', items: named(name) };
}

interface Answer {
  /** Undefined where the connection ended first. */
  status: number | undefined;
  text: string;
  retryAfter: string | undefined;
  isWhole: boolean;
}

interface Init {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A program that uses a mock; the same steps for the same seed. Each request has a connection of its own. */
export class Program {
  readonly #random: () => number;
  readonly #tokens: string[] = [];
  readonly #urlOf: () => string;
  readonly #agent = new Agent({ keepAlive: false });
  #root = '';

  constructor(urlOf: () => string, seed = 25) {
    this.#urlOf = urlOf;
    this.#random = seededRandom(seed);
  }

  /** Takes a step, and returns what can be compared of its answer. */
  async step(): Promise<string> {
    const random = this.#random;
    const clinic = drawFrom(random, ['bianchi', 'ricci', 'nowhere']) ?? '';
    const keys = await this.#keys(clinic);
    const key = drawFrom(random, keys) ?? { clientId: 'none', clientSecret: 'none' };
    const which = drawBelow(random, 20);
    const target = drawFrom(random, [doctors, doctors, doctors, '/api/v1/none', `${doctors}?token=x`, depots]) ?? '';
    if (which < 7) return this.#call(target, { Authorization: `Bearer ${drawFrom(random, this.#tokens) ?? 'none'}` });
    if (which < 10) return this.#askForToken(clinic, key);
    if (which < 12) return this.#changeDepots(drawBelow(random, 6));
    if (which < 14) return this.#setFault(drawBelow(random, 12), clinic);
    const number = drawBelow(random, 50);
    const scenario = drawFrom(random, ['key-revoked', 'token-service-down']) ?? '';
    const calls: (() => Promise<string>)[] = [
      () => this.#control('POST', `/keys/${key.clientId}/revoke`),
      () => this.#control('POST', `/keys/${key.clientId}/expire`),
      () => this.#control('POST', `/keys/${key.clientId}/restore`),
      () => this.#control('POST', `/keys/${key.clientId}/restore`),
      // No sum of these is the hour after which a token, or something in a scenario, ends.
      () => this.#control('POST', '/clock/advance', { minutes: 14 * (number % 4) }),
      () => this.#control('PUT', '/clock', { now: `2027-0${1 + (number % 9)}-01T00:00:00Z` }),
      () => this.#control('DELETE', '/clock'),
      () => this.#control('DELETE', '/faults'),
      () => this.#control('DELETE', '/faults'),
      () => this.#control('DELETE', `/faults/fault-${number % 5}`),
      () => this.#control('GET', '/faults'),
      () => this.#control('GET', `/journal/count?status=${number > 25 ? 200 : 503}`),
      () => this.#control('POST', '/keys', { clinic, clientId: `made-${number % 4}`, clientSecret: 'geheim' }),
      () => this.#control('POST', '/keys', { clinic }),
      () => (number > 40 ? this.#control('DELETE', '/journal') : this.#control('GET', '/journal')),
      () => this.#control('GET', `/journal?after=${number}&clinic=${clinic}`),
      () => this.#control('GET', `/journal/${number}/explanation`),
      () => this.#control('GET', '/explanations'),
      () => this.#control('POST', '/signing-keys/rotate'),
      () => this.#control('POST', number > 40 ? '/reset' : '/nothing'),
      () => this.#control('PUT', `/clinics/${clinic}/answers/listDoctors`, { body: [{ name: `Dr. ${number}` }] }),
      () => this.#control('GET', `/clinics/${clinic}/answers/listDoctors`),
      () => this.#control('DELETE', `/clinics/${clinic}/answers/listDoctors`),
      () => this.#control('POST', `/clinics/${clinic}/answers/listDoctors/check`, { body: [{ nom: 1 }] }),
      () => this.#control('GET', '/scenarios'),
      () => this.#control('POST', `/scenarios/${scenario}/start`),
      () => this.#control('POST', `/scenarios/${scenario}/stop`),
      () => this.#setUpState(clinic, number),
      () => this.#control('GET', '/findings'),
      () => this.#enter(number),
    ];
    return (drawFrom(random, calls) ?? calls[0])?.() ?? '';
  }

  /** What can be compared of the whole journal, and of the findings. */
  async state(): Promise<string[]> {
    return [
      await this.#control('GET', '/journal'),
      await this.#control('GET', '/findings'),
      await this.#listSandboxes(),
    ];
  }

  /** Requests at once, between two resets. @returns what can be compared of their outcomes, in any order. */
  async burst(kind: number): Promise<unknown> {
    const before = await this.#control('POST', '/reset');
    const [key] = await this.#keys('bianchi');
    if (!key) throw new Error('There is no key.');
    this.#tokens.length = 0;
    await this.#askForToken('bianchi', key);
    const Authorization = `Bearer ${this.#tokens[0]}`;
    const call = (): Promise<string> => this.#call(doctors, { Authorization });
    const bursts: (() => Promise<string[]>)[] = [
      // A fault for the next three strikes three.
      async () => {
        await this.#control('POST', '/faults', { operationId: 'listDoctors', status: 503, count: 3 });
        const all = await atOnce(16, call);
        if (all.filter((each) => each.startsWith('call 503')).length !== 3) throw new Error(all.join('\n'));
        return [...all, await this.#control('GET', '/faults')];
      },
      // Chance strikes as many of so many.
      async () => {
        await this.#control('POST', '/faults', { operationId: 'listDoctors', status: 500, probability: 0.4 });
        return atOnce(12, call);
      },
      // While a key is revoked: afterwards no answer is that of before.
      async () => {
        const during = atOnce(8, call);
        await this.#control('POST', `/keys/${key.clientId}/revoke`);
        const after = await atOnce(8, call);
        for (const each of after) if (!each.startsWith('call 403')) throw new Error(each);
        for (const each of await during) if (!/^call (?:200|403)/.test(each)) throw new Error(each);
        return after;
      },
      // Of the same new key there is one.
      async () => atOnce(8, () => this.#control('POST', '/keys', { clinic: 'bianchi', clientId: 'once' })),
      // Items have different ids, without a gap.
      async () => {
        await atOnce(10, () => this.#changeDepots(1));
        return [await this.#call(depots, {})];
      },
      async () => atOnce(12, () => this.#askForToken('bianchi', key)),
      // A limit lets as many through.
      async () => {
        const limit = { requests: 5, seconds: 360_000 };
        await this.#control('POST', '/faults', { operationId: 'listDoctors', status: 429, limit });
        return atOnce(16, call);
      },
    ];
    const outcomes = (await bursts[kind % bursts.length]?.()) ?? [];
    const { text } = await this.#send('/_mock/journal');
    const { entries }: { entries: { id: number; status: number; operationId: string }[] } = JSON.parse(text);
    const gap = entries.find(({ id }, index) => id !== index + 1);
    if (gap) throw new Error(`The journal goes on with ${gap.id} too early or too late.`);
    // How many came before the key was revoked is not the same each time.
    const statuses = entries.map(({ status, operationId }) =>
      kind % bursts.length === 2 ? operationId : `${operationId} ${status}`,
    );
    this.#tokens.length = 0;
    return {
      before,
      outcomes: outcomes.toSorted(),
      entries: statuses.toSorted(),
      after: await this.#control('POST', '/reset'),
    };
  }

  /** Answers each request that is sent with `status` -1 where the connection fails, as a fault may have it. */
  async #send(path: string, { method = 'GET', headers = {}, body }: Init = {}): Promise<Answer> {
    return new Promise((resolve) => {
      const sent = request(this.#urlOf() + this.#root + path, { method, headers, agent: this.#agent });
      const none = { status: undefined, text: '', retryAfter: undefined, isWhole: false };
      sent.on('error', () => resolve(none));
      sent.on('response', (response) => {
        let text = '';
        const end = (): void =>
          resolve({
            status: response.statusCode,
            // Bytes of a fault are random.
            text: response.complete ? text : '',
            retryAfter: response.headers['retry-after'],
            isWhole: response.complete,
          });
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', end).on('error', end);
      });
      sent.end(body);
    });
  }

  async #keys(clinic: string): Promise<{ clientId: string; clientSecret: string }[]> {
    const { status, text } = await this.#send('/_mock/credentials');
    if (status !== 200) throw new Error(`The keys of ${this.#urlOf()}${this.#root} cannot be read: ${status} ${text}`);
    const all: { clinic: string; keys: { clientId: string; clientSecret: string }[] }[] = JSON.parse(text);
    return all.find((each) => each.clinic === clinic)?.keys ?? [];
  }

  async #askForToken(clinic: string, key: { clientId: string; clientSecret: string }): Promise<string> {
    const basic = Buffer.from(`${key.clientId}:${key.clientSecret}`).toString('base64');
    const answer = await this.#send(`/auth/${clinic}/oauth2/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
    });
    const token = /"access_token":"([^"]*)"/.exec(answer.text)?.[1];
    if (token !== undefined) this.#tokens.unshift(token);
    this.#tokens.splice(4);
    return `token ${shown(answer)}`;
  }

  async #call(path: string, headers: Record<string, string>): Promise<string> {
    return `call ${shown(await this.#send(path, { headers }))}`;
  }

  async #changeDepots(number: number): Promise<string> {
    const headers = { 'Content-Type': 'application/json' };
    if (number > 3) return `remove ${shown(await this.#send(`${depots}/${number}`, { method: 'DELETE' }))}`;
    const body = JSON.stringify(number === 0 ? { name: 1 } : { name: 'East' });
    return `add ${shown(await this.#send(depots, { method: 'POST', headers, body }))}`;
  }

  async #setFault(which: number, clinic: string): Promise<string> {
    const faults = [
      { status: 503, count: 2 },
      { status: 500, probability: 0.5, seconds: 6000 },
      { operationId: 'listDoctors', headers: { 'X-Constant': 'yes' }, seconds: 6000 },
      { operationId: 'requestToken', status: 503, probability: 0.3, seconds: 6000 },
      { operationId: 'listDoctors', status: 429, limit: { requests: 2, seconds: 360_000 }, seconds: 6000 },
      { delivery: 'garbage', count: 1 },
      { delivery: 'reset', count: 1 },
      { delivery: 'truncate', count: 1, clinic: clinic === 'nowhere' ? 'ricci' : clinic },
      { delivery: 'chunked', seconds: 6000 },
      { delivery: 'slow', body: 'ab', count: 1 },
      { delay: { from: 1, to: 5 }, count: 3 },
      { expiresIn: null, count: 2 },
    ];
    return this.#control('POST', '/faults', faults[which]);
  }

  async #setUpState(clinic: string, number: number): Promise<string> {
    const states = [
      { state: 'a key', params: { clinic } },
      { state: 'a bearer token', params: { clinic, expired: number % 2 === 0 } },
      { state: 'the next answer', params: { operationId: 'listDoctors', status: 403 } },
      { state: 'unknown' },
    ];
    return this.#control('POST', '/provider-states', { ...states[number % states.length], action: 'setup' });
  }

  async #control(method: string, path: string, body?: object): Promise<string> {
    const answer = await this.#send(`/_mock${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    return `${method} ${masked(path)} ${shown(answer)}`;
  }

  /** Goes on in a new sandbox, or back; ends the one that it leaves, or not. */
  async #enter(number: number): Promise<string> {
    const left = this.#root;
    this.#root = '';
    const ended =
      left !== '' && number % 3 === 0 ? await this.#control('DELETE', `/sandboxes/${left.replace('/s/', '')}`) : '';
    if (number < 20) return `back ${masked(ended)}`;
    const body = JSON.stringify(number % 2 === 0 ? {} : { seed: number, errorStyle: 'cognito' });
    const { status, text } = await this.#send('/_mock/sandboxes', { method: 'POST', body });
    if (number < 45) this.#root = `/s/${/"id":"([^"]*)"/.exec(text)?.[1] ?? ''}`;
    return `sandbox ${status} ${masked(text)} ${masked(ended)}`;
  }

  async #listSandboxes(): Promise<string> {
    const root = this.#root;
    this.#root = '';
    const listed = await this.#control('GET', '/sandboxes');
    this.#root = root;
    return listed;
  }
}

function atOnce(count: number, act: () => Promise<string>): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, act));
}

function shown({ status, text, retryAfter, isWhole }: Answer): string {
  return `${status} ${isWhole ? 'whole' : 'broken'} ${retryAfter === undefined ? '' : 'later '}${masked(text)}`;
}

/** Rules that depend on pauses of milliseconds. */
const byPauses = /retried-(?:without-backoff|after-forbidden)/;

/** Without what is another each time. */
function masked(text: string): string {
  const same = withoutPauses(text)
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'UUID')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME')
    .replaceAll(/"(milliseconds|retryAfter)":[\d.e-]+/g, '"$1":0')
    .replaceAll(/"(seconds|in|after)":\d+\.\d+/g, '"$1":0')
    .replaceAll(/"(kid|access_token|accessToken|basic)":"[^"]*"/g, '"$1":"X"')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'URL');
  return same.split('\n').toSorted().join('\n');
}

function withoutPauses(text: string): string {
  if (!text.startsWith('{"findings":') && !text.startsWith('{"explanations":')) {
    return text.replaceAll(new RegExp(`,?\\{"cause":"${byPauses.source}"[^{}]*\\}`, 'g'), '');
  }
  const [[name, list] = ['', []]] = Object.entries<object[]>(JSON.parse(text));
  const texts = list.map((each) => JSON.stringify(each)).filter((each) => !byPauses.test(each));
  // They are in the order of times, which a clock that was set to the same time twice leaves to milliseconds.
  return [name, ...texts].join('\n');
}
