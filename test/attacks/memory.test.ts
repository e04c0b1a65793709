// What clients and control requests leave behind has a bound; `npm run soak` grows all of it for minutes.
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { Journal } from '../../src/mock/state/journal.ts';
import { openMock } from '../../src/mock/start-mock.ts';
import { Memory } from '../../src/mock/state/memory.ts';
import { makeSigningKey, SigningKeys } from '../../src/mock/state/signing-keys.ts';
import { watchUnavailable, type Seen } from '../../src/mock/findings/watches.ts';
import { emptyRecord } from '../../src/mock/http/record.ts';
import { startUsualMock } from '../support/usual-mock.ts';

/** A call of a program that has a name of its own. */
function unavailable(id: number): Seen {
  const seen = { ...emptyRecord, id, began: 0, ended: 0, ticks: { began: id, ended: id }, connection: 'one' };
  const none = { host: undefined, hasCredentials: false, location: undefined, habits: undefined };
  return {
    ...seen,
    ...none,
    status: 503,
    userAgent: `program/${id}`,
    issuesTokens: false,
    clockMoves: 0,
    keyChanges: 0,
  };
}

describe('a bound have', () => {
  test('the texts of the journal', async () => {
    await using mock = await startUsualMock();
    await (await fetch(`${mock.url}/${'x/'.repeat(7000)}`)).text();
    expect(mock.journal.find().at(-1)?.path.length).toBe(1998);
  });

  test('the journals of all worlds: the largest drops its oldest entries', () => {
    const memory = new Memory();
    const [one, other] = [new Journal(10_000, memory.share()), new Journal(10_000, memory.share())];
    const entry = { ...emptyRecord, violations: Array.from({ length: 50 }, () => 'x'.repeat(1000)) };
    other.record(emptyRecord, 0);
    for (let count = 0; count < 3000; count += 1) one.record(entry, 0);
    expect([one.count() < 2100, one.count() + one.dropped, other.count()]).toEqual([true, 3000, 1]);
  });

  test('faults, in number', async () => {
    await using mock = await startUsualMock();
    const add = (): unknown => mock.faults.add({ status: 503, clinic: 'nuovo' });
    for (let count = 0; count < 1000; count += 1) add();
    expect(add).toThrow('There are 1000 faults already');
    mock.faults.clear();
    expect(add).not.toThrow();
  });

  test('faults, answers and keys, all together, until a reset', async () => {
    await using mock = await openMock({}, { memory: new Memory(2_000_000) });
    const body = 'x'.repeat(300_000);
    const sandbox = mock.sandboxes.create();
    const fill = (): void => {
      for (let count = 0; count < 7; count += 1)
        (count % 2 === 0 ? mock : sandbox).faults.add({ body, clinic: 'nuovo' });
    };
    expect(fill).toThrow('The mock keeps 2 MB');
    expect(() => mock.answers.replace('nuovo', 'listDoctors', body, { unchecked: true })).toThrow(
      'The mock keeps 2 MB',
    );
    await sandbox.close();
    mock.reset();
    expect(() => mock.faults.add({ body, clinic: 'nuovo' })).not.toThrow();
  });

  test('calls that wait for a retry, whatever the programs are called', () => {
    const watch = watchUnavailable(3600);
    for (let count = 0; count < 1100; count += 1) watch.see(unavailable(count));
    expect(watch.overdue?.(Infinity, 0).length).toBe(1000);
  });

  test('signing keys that were replaced', async () => {
    const key = await makeSigningKey();
    const keys = new SigningKeys(key);
    for (let count = 0; count < 300; count += 1) keys.rotate({ ...key, kid: String(count) }, Infinity);
    expect(keys.jwks(0).keys.length).toBe(101);
  });

  test('a stream that nobody reads, which does not hold the mock up', async () => {
    await using mock = await startUsualMock();
    const { hostname, port } = new URL(mock.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /_mock/journal/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await once(socket, 'readable');
    for (let count = 0; count < 200; count += 1) await (await fetch(`${mock.url}/${'x/'.repeat(900)}`)).text();
    // What was not sent is sent once the reader takes it.
    let read = '';
    for await (const chunk of socket) {
      read += String(chunk);
      if (read.includes('id: 200\n')) break;
    }
    expect(read.match(/^event: entry$/gm)?.length).toBe(200);
  });
});

test('a redaction takes no longer with 10,000 keys', async () => {
  await using mock = await startUsualMock();
  for (let count = 0; count < 10_000; count += 1) mock.keys.issue({ clinic: 'nuovo' });
  const query = Array.from({ length: 3000 }, (_, index) => `${index}=x`).join('&');
  await (await fetch(`${mock.baseUrl}/equipe/doctors?x=1`)).text();
  // Time of the processor, in microseconds: on a busy machine an answer takes longer.
  const before = process.cpuUsage();
  await (await fetch(`${mock.baseUrl}/equipe/doctors?${query.slice(0, 15_000)}`)).text();
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});
