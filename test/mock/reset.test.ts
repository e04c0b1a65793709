import { describe, expect, test } from '@jest/globals';
import { startMock } from '../../src/mock/index.ts';

describe('onReset is told', () => {
  test('of a reset by HTTP and by a method, and of the sandbox if it was one', async () => {
    const told: (string | undefined)[] = [];
    await using mock = await startMock({ onReset: (sandbox) => told.push(sandbox) });
    const sandbox = mock.sandboxes.create();
    await fetch(`${mock.url}/_mock/reset`, { method: 'POST' });
    mock.reset();
    sandbox.reset();
    expect(told).toEqual([undefined, undefined, sandbox.id]);
  });
});
