import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '../util/errors.ts';
import { packageVersion } from '../util/files.ts';
import { fieldsOf, parseObject, textAt } from '../util/json.ts';
import type { Played } from './clinics/world.ts';
import { ControlError } from './control/control-error.ts';
import type { OwnStates } from './control/own-states.ts';
import type { MockOptions } from './options.ts';
import { moment } from './replica.ts';
import type { RedisOptions } from './state/redis-store.ts';
import { pemOf, readSigningKey, type SigningKey } from './state/signing-keys.ts';
import { Away, ownWorld, unusableStore, type Made, type Store } from './state/store.ts';

/** The own world of a mock in a store, with what its replicas share from the start. */
interface Joined {
  made: Made;
  /** That of all replicas: tokens say it. */
  url: string;
  signingKey: SigningKey;
  controlToken: string | undefined;
  /** Makes the world again, after the store was emptied. */
  remake: () => Promise<Remade>;
}

/** A world that was made again, with the URL and the signing key of the replica that was first to do so. */
export type Remade = Pick<Joined, 'made' | 'url' | 'signingKey'>;

/** What all replicas of one world have in common, by its name for people; a hash of what is long or secret. */
export type CommonSettings = Record<string, string>;

/** Connects to the store that the options name. @throws Problem if it cannot be used. */
export async function connectToStore(
  options: MockOptions,
  settings: CommonSettings,
  patience?: number,
): Promise<Store | undefined> {
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
  const mock = hashOf(settings).slice(0, 16);
  const chosen: RedisOptions = { url: options.store, prefix, mock, user, password, now, patience };
  return connectToRedis(chosen);
}

/**
 * Makes the mock's own world in the store, or joins those who have.
 * @param own what this replica would use.
 * @param warn is told of a mock with other settings, whose world is another one.
 */
export async function joinWorld(
  store: Store,
  settings: CommonSettings,
  own: Pick<Joined, 'url' | 'signingKey' | 'controlToken'>,
  warn: (sentence: string) => void,
): Promise<Joined> {
  const make = async (usual: string): Promise<Pick<Joined, 'made' | 'url'>> => {
    const fresh = { id: randomUUID(), at: store.now(), settings: JSON.stringify({ url: usual }) };
    const made = (await store.make(ownWorld, fresh, undefined, 0)) ?? fresh;
    return { made, url: textAt(parseObject(made.settings), 'url') ?? usual };
  };
  const share = async (
    key: SigningKey,
    token: string | undefined,
  ): Promise<Pick<Joined, 'signingKey' | 'controlToken'>> => ({
    signingKey: await readSigningKey(await store.keep(ownWorld, 'first', pemOf(key))),
    controlToken: token === undefined ? undefined : await store.keep(ownWorld, 'control token', token),
  });
  const meet = (): Promise<string[]> =>
    store.meet(JSON.stringify({ settings, at: new Date(store.now()).toISOString() }));
  return patiently(async () => {
    const { made, url } = await make(own.url);
    const shared = await share(own.signingKey, own.controlToken);
    for (const sentence of describeNewest(settings, await meet())) warn(sentence);
    if (url !== own.url) {
      warn(
        `This mock listens at ${own.url}, but its URLs lead to ${url}, as the first replica named them. Use --public-url.`,
      );
    }
    const remake: Joined['remake'] = async () => {
      const again = await make(url);
      // What it was made with at first, since replicas that start from now on take it from the store.
      const { signingKey } = await share(shared.signingKey, shared.controlToken);
      await meet();
      warn('The store was emptied: the mock begins again, with a new world.');
      return { ...again, signingKey };
    };
    return { made, url, ...shared, remake };
  });
}

/** Does something at the start again and again until the store answers in time. @throws Problem after a while. */
export async function patiently<Value>(act: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (cause) {
      if (!(cause instanceof Away)) throw cause;
      if (tries < 20) {
        await wait(100);
        continue;
      }
      throw unusableStore(cause.cause ?? cause);
    }
  }
}

/** A sentence about the mock that started last of those with other settings. */
function describeNewest(settings: CommonSettings, others: readonly string[]): string[] {
  const known = others.map((text) => parseObject(text) ?? {});
  const [newest] = known.toSorted((a, b) => String(b['at']).localeCompare(String(a['at'])));
  if (!newest) return [];
  const theirs = fieldsOf(newest['settings']) ?? {};
  const differing = Object.keys(settings).filter((name) => settings[name] !== theirs[name]);
  return [
    `The store also has a mock that was started at ${String(newest['at'])} and differs in: ${differing.join(', ')}. ` +
      'Both go on, each with a world of its own; one that no replica uses is forgotten after a week. ' +
      'Replicas of one world need the same files and options.',
  ];
}

/** What answers depend on: replicas with other files or options would not give the same. */
export function settingsOf(
  { seed, errorStyle, scenario, record, rewritePhotos, publicUrl, signingKey, controlToken }: MockOptions,
  { api, clinics }: Played,
  kid: string,
  ownStates: OwnStates,
  scenarios: unknown,
): CommonSettings {
  const ofClinics = clinics.map(({ id, keys, responses, collections = [] }) => {
    return [id, keys, [...responses], collections.map(({ items }) => items)];
  });
  return {
    'version of arzamed-devkit': packageVersion(),
    document: hashOf(api.document),
    clinics: hashOf(ofClinics),
    'scenarios or provider states': hashOf([scenarios, [...ownStates]]),
    'seed, error style, scenario, recording or photos': hashOf([seed, errorStyle, scenario, record, rewritePhotos]),
    'public URL': publicUrl ?? '',
    'signing key': signingKey === undefined ? '' : kid,
    'control token': controlToken === undefined ? '' : hashOf(controlToken),
  };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** @throws ControlError unless a change of the log is being carried out. */
export function checkMoment(): void {
  if (moment()) return;
  throw new ControlError('conflict', 'With a store, use the control API: createControlClient({ url: mock.url }).');
}
