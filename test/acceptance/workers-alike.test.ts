// `arzamed mock --workers N` answers as the mock does without, whatever is asked of it and done to it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { arzamed } from '../support/command.ts';
import { call, clients, tokenRequest, type Served, type Step } from '../support/random-requests.ts';

interface Started extends Served {
  child: ChildProcess;
}

async function start(...options: string[]): Promise<Started> {
  const child = spawn(process.execPath, [arzamed, 'mock', '--port', '0', '--json', ...options]);
  const [line] = await once(child.stdout, 'data');
  child.stdout.resume();
  const { url } = JSON.parse(String(line));
  return { child, url, baseUrl: `${url}/api/v1` };
}

let mocks: Started[];
beforeAll(async () => {
  mocks = await Promise.all([start('--workers', '2'), start()]);
});
afterAll(() =>
  Promise.all(
    mocks.map(async ({ child }) => {
      child.kill('SIGINT');
      await once(child, 'close');
    }),
  ),
);

async function control({ url }: Served, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/_mock${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return text === '' ? response.status : JSON.parse(text);
}

const client = fc.constantFrom(...clients);
const clinic = fc.constantFrom('bianchi', 'ricci');

/** Something happens to the mock. */
const event = fc
  .oneof(
    client.map((id) => ['POST', `/keys/${id}/revoke`] as const),
    client.map((id) => ['POST', `/keys/${id}/restore`] as const),
    fc.constantFrom(1800, 3700, -60).map((seconds) => ['POST', '/clock/advance', { seconds }] as const),
    clinic.map((id) => ['PUT', `/clinics/${id}/answers/listDoctors`, { body: [] }] as const),
    clinic.map((id) => ['DELETE', `/clinics/${id}/answers/listDoctors`] as const),
    clinic.map((id) => ['POST', '/faults', { status: 503, count: 1, clinic: id }] as const),
    fc.constant(['DELETE', '/faults'] as const),
    fc.constant(['POST', '/signing-keys/rotate'] as const),
  )
  .map(([method, path, body]): [string, Step<Served>] => [
    `${method} ${path} ${JSON.stringify(body)}`,
    // Ids and times in what it says are by chance.
    async (mock) => typeof (await control(mock, method, path, body)),
  ]);

/** What the journal says, but for what is by chance. */
async function journalOf(mock: Served): Promise<unknown[]> {
  const { entries }: { entries?: unknown } = Object(await control(mock, 'GET', '/journal'));
  return (Array.isArray(entries) ? entries : []).map((entry) => {
    const { milliseconds: _milliseconds, time: _time, tokenId, fault, ...rest } = entry;
    return { ...rest, tokenId: typeof tokenId, fault: typeof fault };
  });
}

test('whatever happens, workers answer and journal as one process does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          { weight: 7, arbitrary: call },
          { weight: 2, arbitrary: tokenRequest },
          { weight: 1, arbitrary: event },
        ),
        { minLength: 20, maxLength: 40 },
      ),
      async (steps) => {
        const tokens: string[][] = [[], []];
        await Promise.all(mocks.map((mock) => control(mock, 'POST', '/reset')));
        for (const [name, step] of steps) {
          const [one, other] = await Promise.all(mocks.map((mock, index) => step(mock, tokens[index] ?? [])));
          // What is made up from a schema is by chance.
          if (!name.includes('dynamic=true')) expect({ name, answer: one }).toEqual({ name, answer: other });
        }
        const [one, other] = await Promise.all(mocks.map(journalOf));
        expect(one).toEqual(other);
      },
    ),
    { seed: 1, numRuns: 15, endOnFailure: true },
  );
});
