import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bodyOf, requestToken } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeEach(async () => {
  mock = await startUsualMock();
});
afterEach(() => mock.close());

/** An open stream: gives the text of one event after the other. */
async function open(
  query = '',
  headers: Record<string, string> = {},
): Promise<{ type: string | null; next: () => Promise<string | undefined>; cancel: () => Promise<void> }> {
  const response = await fetch(`${mock.url}/_mock/journal/stream${query}`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('There is no stream.');
  let buffer = '';
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end >= 0) {
        const event = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        return event;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      buffer += value;
    }
  };
  return { type: response.headers.get('content-type'), next, cancel: () => reader.cancel() };
}

/** The entry of an event. */
function entryOf(event: string | undefined): Record<string, unknown> {
  const data: unknown = JSON.parse(/^data: (.*)$/m.exec(event ?? '')?.[1] ?? '{}');
  return { ...Object(data) };
}

describe('the stream of the journal', () => {
  test('sends each entry as it is written, as an event with its id', async () => {
    const stream = await open();
    expect(stream.type).toBe('text/event-stream; charset=utf-8');
    await requestToken(mock, 'ricci', { scope });
    const event = await stream.next();
    expect(event).toMatch(/^id: 1\nevent: entry\ndata: \{/);
    expect(entryOf(event)).toMatchObject({ id: 1, operationId: 'requestToken', clinic: 'ricci', status: 200 });
    await stream.cancel();
  });

  test('sends only what is asked for', async () => {
    const stream = await open('?clinic=nuovo');
    await requestToken(mock, 'ricci', { scope });
    await requestToken(mock, 'nuovo', { scope });
    expect(entryOf(await stream.next())).toMatchObject({ id: 2, clinic: 'nuovo' });
    await stream.cancel();
  });

  test.each([
    ['by Last-Event-ID, as browsers ask', '', { 'Last-Event-ID': '1' }],
    ['by after', '?after=1', {}],
  ])('goes on where it had broken off, %s', async (_name, query, headers) => {
    await requestToken(mock, 'ricci', { scope });
    await requestToken(mock, 'nuovo', { scope });
    const stream = await open(query, headers);
    expect(entryOf(await stream.next())).toMatchObject({ id: 2 });
    await stream.cancel();
  });

  test('begins again where the last id is that of a journal before a reset', async () => {
    await requestToken(mock, 'ricci', { scope });
    const stream = await open('', { 'Last-Event-ID': '17' });
    expect(entryOf(await stream.next())).toMatchObject({ id: 1 });
    await stream.cancel();
  });

  test('ends when the mock is reset', async () => {
    const stream = await open();
    mock.reset();
    expect(await stream.next()).toBeUndefined();
  });

  test('does not keep the mock from ending', async () => {
    const stream = await open();
    await mock.close();
    expect(await stream.next()).toBeUndefined();
  });

  test('is followed in the process as well', async () => {
    const ids: number[] = [];
    const stop = mock.journal.follow({ clinic: 'nuovo' }, { entry: ({ id }) => ids.push(id) });
    await requestToken(mock, 'ricci', { scope });
    await requestToken(mock, 'nuovo', { scope });
    stop();
    await requestToken(mock, 'nuovo', { scope });
    expect(ids).toEqual([2]);
  });
});

test('the journal is counted, by what is asked for', async () => {
  for (const clinic of ['ricci', 'nuovo', 'nuovo']) await requestToken(mock, clinic, { scope });
  const count = async (query: string): Promise<unknown> =>
    bodyOf(await fetch(`${mock.url}/_mock/journal/count${query}`));
  expect(await count('')).toEqual({ count: 3, dropped: 0 });
  expect(await count('?clinic=nuovo')).toEqual({ count: 2, dropped: 0 });
  expect(await count('?after=2')).toEqual({ count: 1, dropped: 0 });
});
