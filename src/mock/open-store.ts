import { createHash, randomUUID } from 'node:crypto';
import { Problem } from '../util/errors.ts';
import { parseObject } from '../util/json.ts';
import type { Played } from './clinics/world.ts';
import { ControlError } from './control/control-error.ts';
import type { MockOptions } from './options.ts';
import { moment } from './replica.ts';
import type { RedisOptions } from './state/redis-store.ts';
import { pemOf, readSigningKey, type SigningKey } from './state/signing-keys.ts';
import { Away, unusableStore, type Made, type Store } from './state/store.ts';

/** The name of the mock's own world in a store. */
export const ownWorld = 'mock';

/** The own world of a mock in a store, with what its replicas share from the start. */
interface Joined {
  made: Made;
  /** That of all replicas: tokens say it. */
  url: string;
  signingKey: SigningKey;
  controlToken: string | undefined;
  remake: () => Promise<Made>;
}

/** Connects to the store that the options name. @throws Problem if it cannot be used. */
export async function connectToStore(options: MockOptions, patience?: number): Promise<Store | undefined> {
  // An empty variable, as compose files often have, counts as unset.
  if (options.store === undefined || options.store === '') return undefined;
  const { storePrefix: prefix = 'arzamed', now = Date.now } = options;
  if (!/^[\w.-]{1,100}$/.test(prefix)) {
    const what = 'The prefix of the store cannot be used.';
    const facts = { expected: 'letters, digits, and . _ - only' };
    throw new Problem({ code: 'store_unusable', what, facts, remedy: 'Choose another one with --store-prefix NAME.' });
  }
  const { connectToRedis } = await import('./state/redis-store.ts');
  const [user, password] = ['USER', 'PASSWORD'].map((name) => process.env[`ARZAMED_STORE_${name}`] || undefined);
  const chosen: RedisOptions = { url: options.store, prefix, user, password, now, patience };
  return connectToRedis(chosen);
}

/**
 * Makes the mock's own world in the store, or joins those who have.
 * @param own what this replica would use.
 * @throws Problem if the others have other files or settings.
 */
export async function joinWorld(
  store: Store,
  options: MockOptions,
  played: Played,
  own: Pick<Joined, 'url' | 'signingKey' | 'controlToken'>,
  warn: (sentence: string) => void,
): Promise<Joined> {
  const settings = { url: own.url, fingerprint: fingerprintOf(options, played) };
  const make = async (): Promise<Made> => {
    const made = { id: randomUUID(), at: store.now(), settings: JSON.stringify(settings) };
    return (await store.make(ownWorld, made, undefined, 0)) ?? made;
  };
  const share = async (): Promise<Pick<Joined, 'signingKey' | 'controlToken'>> => ({
    signingKey: await readSigningKey(await store.keep(ownWorld, 'first', pemOf(own.signingKey))),
    controlToken:
      own.controlToken === undefined ? undefined : await store.keep(ownWorld, 'control token', own.controlToken),
  });
  try {
    const made = await make();
    const { url, fingerprint } = parseObject(made.settings) ?? {};
    const shared = await share();
    const isGiven = options.signingKey !== undefined && shared.signingKey.kid !== own.signingKey.kid;
    const isOther = options.controlToken !== undefined && shared.controlToken !== own.controlToken;
    if (fingerprint !== settings.fingerprint || isGiven || isOther || typeof url !== 'string') {
      throw unlike(isGiven ? 'signing key' : isOther ? 'control token' : 'files or settings');
    }
    if (options.publicUrl !== undefined && url !== own.url) throw unlike('public URL');
    const remake = async (): Promise<Made> => {
      const again = await make();
      await share();
      warn('The store was emptied: the mock begins again, with a new world.');
      return again;
    };
    return { made, url, ...shared, remake };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw unusableStore(cause instanceof Away ? (cause.cause ?? cause) : cause);
  }
}

function unlike(what: string): Problem {
  return new Problem({
    code: 'store_unlike',
    what: `The store has the world of a mock with another ${what}.`,
    remedy: 'Start all replicas with the same, or choose another --store-prefix NAME.',
  });
}

/** Of what answers depend on: replicas with other files would not give the same. */
function fingerprintOf({ seed, errorStyle, scenario, record }: MockOptions, { api, clinics }: Played): string {
  const hash = createHash('sha256').update(JSON.stringify([seed, errorStyle, scenario, record, api.document]));
  for (const { id, keys, responses, collections = [] } of clinics) {
    hash.update(JSON.stringify([id, keys, [...responses], collections.map(({ items }) => items)]));
  }
  return hash.digest('hex');
}

/** @throws ControlError unless a change of the log is being carried out. */
export function checkMoment(): void {
  if (moment()) return;
  throw new ControlError('conflict', 'With a store, use the control API: createControlClient({ url: mock.url }).');
}
