import type { Mock, MockOptions } from '../../src/mock/index.ts';
import { readWorld, type Played } from '../../src/mock/clinics/world.ts';
import { makeSigningKey } from '../../src/mock/state/signing-keys.ts';
import { openMock } from '../../src/mock/start-mock.ts';

const signingKey = makeSigningKey();
const worlds = new Map<string, Promise<Played>>();

/**
 * Starts a mock as `startMock()` does, for tests that are not about the start. To make a key and to read a specification
 * and clinics takes longer than most tests, so that is done once a test file; a mock changes none of them, and `reset()`
 * starts from the same ones. Mocks that have to refuse each other's tokens need `startMock()`.
 */
export async function startUsualMock(options: Omit<MockOptions, 'signingKey'> = {}): Promise<Mock> {
  const files = JSON.stringify([options.spec, options.clinics]);
  const played = worlds.get(files) ?? readWorld(options);
  worlds.set(files, played);
  const mock = await openMock(options, { played, signingKey });
  await mock.load();
  return mock;
}
