import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { sleep, within } from '../../src/client/timing.ts';

const long = 1_000_000;

describe('a wait', () => {
  test('ends when the signal aborts', async () => {
    const leaving = new AbortController();
    const slept = sleep(long, leaving.signal);
    leaving.abort();
    await expect(slept).resolves.toBeUndefined();
  });

  test('leaves nothing with a signal that lives on', async () => {
    const { signal } = new AbortController();
    await sleep(1, signal);
    await within(long, { operation: 'a', signal }, async () => 'done');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
