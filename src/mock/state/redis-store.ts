import { createHash } from 'node:crypto';
import { createClient } from '@redis/client';
import { messageOf } from '../../util/errors.ts';
import { fieldsOf, isList, parseObject } from '../../util/json.ts';
import {
  Away,
  mostChanges,
  mostTold,
  ownWorld,
  pageSize,
  unusableStore,
  type Committed,
  type Logged,
  type Made,
  type News,
  type Store,
} from './store.ts';

/** Milliseconds without any answer after which a connection is given up. */
const mostSilent = 2000;
/** Parts in which the patience passes. One that takes twice as long shows a machine without time, and counts as `late`. */
const parts = 5;
const late = 0.1;
/** Characters of a value that is read back. */
const longest = 4_000_000;

/** Keys of a world, in one slot of a cluster: its state, its log, its journal and its secrets. */
type WorldKeys = [state: string, log: string, journal: string, secrets: string];

/** A world that nothing used for a while is forgotten by Redis itself; the index follows. */
const renew = `
local function renew(idle, now, world)
  if idle == '0' then return end
  for index = 1, #KEYS do redis.call('PEXPIRE', KEYS[index], idle) end
  redis.call('ZADD', KEYS[5], 'XX', 'GT', now, world)
end`;

/** Characters of a log, and about as many of a journal: what control calls and requests bring may be long. */
const most = { logged: 200_000_000, recorded: 100_000_000 };

/** Back to the last that did so, or a few thousand changes: a script must not take long. */
const forgetStrikes = `
local function forgetStrikes()
  local characters, last = 0, '+'
  for page = 1, 5 do
    local found = redis.call('XREVRANGE', KEYS[2], last, '-', 'COUNT', ${pageSize})
    for _, each in ipairs(found) do
      local id, change, effect = each[1], each[2][2], each[2][6]
      if effect == 'strike' or effect == 'struck' then
        redis.call('XDEL', KEYS[2], id)
        characters = characters + #change
      end
      if effect == 'struck' then return characters end
      last = '(' .. id
    end
    if #found < ${pageSize} then break end
  end
  return characters
end`;

const commitScript = `${renew}${forgetStrikes}
local id, epoch, newest, logged, size = unpack(redis.call('HMGET', KEYS[1], 'id', 'epoch', 'newest', 'logged', 'size'))
if id ~= ARGV[1] then return {'gone'} end
if epoch ~= ARGV[2] then return {'stale'} end
local effect, change, most = ARGV[3], ARGV[4], tonumber(ARGV[5])
logged, size = tonumber(logged or 0), tonumber(size or 0)
if change ~= '' then
  if effect == 'reset' then
    redis.call('DEL', KEYS[2])
    newest, logged = '0', 0
  elseif effect == 'struck' then logged = logged - forgetStrikes()
  elseif redis.call('XLEN', KEYS[2]) >= ${mostChanges} or logged + #change > ${most.logged} then return {'full'} end
  logged = logged + #change
  epoch = string.format('%d', epoch + 1)
  redis.call('XADD', KEYS[2], '0-' .. epoch, 'change', change, 'after', newest, 'effect', effect)
  if effect == 'reset' or effect == 'clear' then redis.call('DEL', KEYS[3]) end
end
for index = 9, #ARGV do
  newest = string.format('%d', newest + 1)
  size = size + (#ARGV[index] - size) / 100
  local fitting = string.format('%d', math.min(most, ${most.recorded} / size))
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', fitting, '0-' .. newest, 'entry', ARGV[index])
end
redis.call('HSET', KEYS[1], 'epoch', epoch, 'newest', newest, 'logged', string.format('%d', logged), 'size', size)
renew(ARGV[6], ARGV[7], ARGV[8])
return {'ok', epoch, newest}`;

const sinceScript = `${renew}
local id, epoch, newest = unpack(redis.call('HMGET', KEYS[1], 'id', 'epoch', 'newest'))
if id ~= ARGV[1] then return {'gone'} end
renew(ARGV[4], ARGV[5], ARGV[6])
local changes, entries = {}, {}
if epoch ~= ARGV[2] then changes = redis.call('XRANGE', KEYS[2], '(0-' .. ARGV[2], '+', 'COUNT', ${pageSize}) end
if newest ~= ARGV[3] then entries = redis.call('XRANGE', KEYS[3], '(0-' .. ARGV[3], '+', 'COUNT', ${pageSize}) end
return {'ok', epoch, newest, changes, entries}`;

const makeScript = `${renew}
local known = redis.call('HGET', KEYS[1], 'made')
if known then return {known} end
if ARGV[3] ~= '0' then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', ARGV[4] - ARGV[3])
  if redis.call('ZCARD', KEYS[5]) >= tonumber(ARGV[6]) then return {} end
  redis.call('ZADD', KEYS[5], ARGV[4], ARGV[5])
end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'made', ARGV[2], 'epoch', '0', 'newest', '0')
renew(ARGV[3], ARGV[4], ARGV[5])
return {ARGV[2]}`;

const meetScript = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local others, all = {}, redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  if redis.call('EXISTS', ARGV[3] .. all[index] .. ARGV[4]) == 0 then redis.call('HDEL', KEYS[1], all[index])
  elseif all[index] ~= ARGV[1] then others[#others + 1] = all[index + 1] end
end
return others`;

/** Milliseconds after which the own world of a mock is forgotten if no replica looks at it. */
const week = 604_800_000;

export interface RedisOptions {
  /** `redis://HOST:PORT`, or `rediss://` for TLS; perhaps with user and password. */
  url: string;
  /** The beginning of all keys. */
  prefix: string;
  /** Stands for the settings of the mock: others with the same prefix have worlds of their own. */
  mock: string;
  user?: string | undefined;
  password?: string | undefined;
  /** Milliseconds since 1970, by this machine. */
  now: () => number;
  /** Milliseconds after which a command counts as unanswered. Default 100. */
  patience?: number | undefined;
}

/**
 * Connects to Redis 7 or Valkey 8.
 * @throws Problem, which shows neither user nor password, if there is none.
 */
export async function connectToRedis(options: RedisOptions): Promise<Store> {
  try {
    // What the constructor throws has the URL.
    if (!/^rediss?:\/\//.test(options.url)) throw new Error('Its URL does not begin with redis:// or rediss://.');
    if (!URL.canParse(options.url)) throw new Error('Invalid URL');
    return await connect(options);
  } catch (error) {
    throw unusableStore(error);
  }
}

async function connect({ url, prefix, mock, user, password, now, patience = 100 }: RedisOptions): Promise<Store> {
  let isStarted = false;
  const client = createClient({
    url,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    socket: {
      connectTimeout: 2000,
      // A store that cannot be reached at the start has the wrong name.
      reconnectStrategy: (retries, cause) => (isStarted ? Math.min(50 * (retries + 1), 500) : cause),
    },
  });
  // Each command says by itself that the connection is lost.
  client.on('error', () => {});
  let isAway = false;
  let answeredAt = performance.now();
  // A machine that is gone closes no connection, and another may have taken its name.
  const giveUp = (): void => {
    if (!client.isReady || performance.now() - answeredAt < mostSilent) return;
    client.destroy();
    client.connect().catch(() => {});
  };
  const call = async (...words: string[]): Promise<unknown> => {
    try {
      const answer = await within(client.sendCommand(words), patience);
      isAway = false;
      answeredAt = performance.now();
      return answer;
    } catch (error) {
      if (messageOf(error).startsWith('NOSCRIPT')) throw error;
      isAway = true;
      giveUp();
      if (error instanceof Away) throw error;
      throw new Away(`The store cannot be used: ${messageOf(error).slice(0, 200)}`, { cause: error });
    }
  };
  const run = async (script: Script, keys: readonly string[], ...words: string[]): Promise<unknown[]> => {
    const rest = [String(keys.length), ...keys, ...words];
    try {
      return asList(await call('EVALSHA', script.sha, ...rest));
    } catch (error) {
      if (error instanceof Away) throw error;
      return asList(await call('EVAL', script.text, ...rest));
    }
  };
  const [index, told] = [`${prefix}:${mock}:sandboxes`, `${prefix}:${mock}:told`];
  const keysOf = (world: string): WorldKeys => {
    const base = `${prefix}:${mock}:{${world}}`;
    return [`${base}:world`, `${base}:log`, `${base}:journal`, `${base}:secrets`];
  };
  let offset = 0;
  const common = (): number => now() + offset;
  const [commit, since, make, meet] = [
    toScript(commitScript),
    toScript(sinceScript),
    toScript(makeScript),
    toScript(meetScript),
  ];

  const started = client.connect();
  try {
    await within(started, 3000);
    const began = now();
    const time = asList(await client.sendCommand(['TIME'])).map(Number);
    offset = (time[0] ?? 0) * 1000 + (time[1] ?? 0) / 1000 - (began + now()) / 2;
    checkServer(fieldsOf(await client.sendCommand(['HELLO'])) ?? {});
    // Whether it may: the world of no id has gone.
    await client.sendCommand(['EVAL', since.text, '5', ...keysOf('mock'), index, 'none', '0', '0', '0', '0', 'mock']);
    isStarted = true;
  } catch (error) {
    started.catch(() => {});
    client.destroy();
    throw error;
  }
  return {
    now: common,
    get isAway() {
      return isAway;
    },
    make: async (world, made, idle, most) => {
      const words = [made.id, JSON.stringify(made), String(idle ?? 0), String(common()), world, String(most)];
      return toMade((await run(make, [...keysOf(world), index, told], ...words))[0]);
    },
    find: async (world) => toMade(await call('HGET', keysOf(world)[0], 'made')),
    list: async () => asList(await call('ZRANGE', index, '0', '-1')).map(String),
    end: async (world) => {
      await call('ZREM', index, world);
      return Number(await call('DEL', ...keysOf(world))) > 0;
    },
    commit: async (world, id, { epoch, change, entries }, bounds) => {
      const state = [String(epoch), change?.effect ?? '', change?.text ?? '', String(bounds.entries)];
      const use = [String(bounds.idle ?? 0), String(common()), world];
      const [outcome, ...numbers] = await run(
        commit,
        [...keysOf(world), index, told],
        id,
        ...state,
        ...use,
        ...entries,
      );
      return toCommitted(outcome, numbers);
    },
    since: async (world, id, epoch, newest, idle = week) => {
      const words = [id, String(epoch), String(newest), String(idle), String(common()), world];
      return toNews(await run(since, [...keysOf(world), index, told], ...words));
    },
    meet: async (settings) => {
      const words = [mock, settings, `${prefix}:`, `:{${ownWorld}}:world`];
      return (await run(meet, [`${prefix}:mocks`], ...words)).map(asText);
    },
    tell: async (text) => void (await call('XADD', told, 'MAXLEN', '~', String(mostTold), '*', 'text', text)),
    told: async (after) =>
      asList(await call('XRANGE', told, after, '+', 'COUNT', String(pageSize))).map((each) => {
        const [id, fields] = asList(each);
        return [asText(id), asText(asList(fields)[1])];
      }),
    secret: async (world, name) => {
      const found = await call('HGET', keysOf(world)[3], name);
      return found === null ? undefined : asText(found);
    },
    keep: async (world, name, text) => {
      await call('HSETNX', keysOf(world)[3], name, text);
      return asText(await call('HGET', keysOf(world)[3], name));
    },
    close: async () => client.destroy(),
  };
}

/** @throws Error where it is not as the scripts need it. */
function checkServer({ version, mode, role }: Record<string, unknown>): void {
  if (Number.parseInt(String(version), 10) < 7) throw new Error(`It is version ${String(version)}, older than 7.`);
  if (mode === 'cluster' || mode === 'sentinel') throw new Error(`It runs in the mode ${mode}.`);
  if (role === 'replica') throw new Error('It is a replica, which is read only.');
}

interface Script {
  text: string;
  sha: string;
}

function toScript(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

async function within<Value>(value: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const unanswered = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new Away('The store does not answer in time.'));
    // Where this process does not run, it reads no answer, and perhaps the store does not run either.
    let [left, at] = [parts, performance.now()];
    timer = setInterval(() => {
      const passed = performance.now() - at;
      at += passed;
      left -= passed > (2 * milliseconds) / parts ? late : 1;
      if (left <= 0) setImmediate(() => setImmediate(fail));
    }, milliseconds / parts);
  });
  return Promise.race([value, unanswered]).finally(() => clearInterval(timer));
}

/** @throws Away where the store has something else. */
function asList(value: unknown): unknown[] {
  if (isList(value)) return value;
  throw new Away('The store answers with what this mock did not write.');
}

function asText(value: unknown): string {
  if (typeof value === 'string' && value.length <= longest) return value;
  throw new Away('The store answers with what this mock did not write.');
}

function asNumber(value: unknown): number {
  const number = Number(asText(value));
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Away('The store answers with what this mock did not write.');
}

function toMade(text: unknown): Made | undefined {
  if (text === null || text === undefined) return undefined;
  const { id, at, settings } = parseObject(asText(text)) ?? {};
  if (typeof id === 'string' && typeof at === 'number' && typeof settings === 'string') return { id, at, settings };
  throw new Away('The store has a world that this mock did not write.');
}

function toCommitted(outcome: unknown, [epoch, newest]: unknown[]): Committed {
  if (outcome === 'stale' || outcome === 'gone' || outcome === 'full') return outcome;
  return { epoch: asNumber(epoch), newest: asNumber(newest) };
}

function toNews([outcome, epoch, newest, changes, entries]: unknown[]): News | 'gone' {
  if (outcome === 'gone') return outcome;
  return {
    epoch: asNumber(epoch),
    newest: asNumber(newest),
    changes: asList(changes).map((each): Logged => {
      const [id, fields] = asList(each);
      const [, change, , after] = asList(fields);
      return { epoch: toSequence(id), change: asText(change), after: asNumber(after) };
    }),
    entries: asList(entries).map((each) => {
      const [id, fields] = asList(each);
      return [toSequence(id), asText(asList(fields)[1])];
    }),
  };
}

/** `0-17` is 17. */
function toSequence(id: unknown): number {
  return asNumber(asText(id).replace(/^0-/, ''));
}
