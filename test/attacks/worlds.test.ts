// Whatever is done to the worlds of a mock, each answers as a small model says: revocation, expiry, rotation, jumps of the
// clock, faults, resets and sandboxes, with calls at the same time, whether or not the mock remembers answers.
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Mock, MockSandbox } from '../../src/mock/index.ts';
import { openMock } from '../../src/mock/start-mock.ts';
import { bearerOf } from '../support/http.ts';
import { runs } from '../support/runs.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const scope = 'https://api.nextgen.arzamed.com/read';
const lifetime = 3600;

let mocks: Mock[];
beforeAll(async () => {
  mocks = await Promise.all(
    [true, false].map((remembers) => openMock({ now: () => now, schedule: () => () => {} }, { remembers })),
  );
  for (const mock of mocks) await mock.load();
});
afterAll(() => Promise.all(mocks.map((mock) => mock.close())));

interface Token {
  header: string;
  world: World;
  /** Seconds since 1970. */
  expires: number;
  /** How often the world's signing key had been replaced. */
  signer: number;
}

/** A world, and what is to be expected of it. */
class World {
  readonly real: MockSandbox;
  #offset = 0;
  #faults: number[] = [];
  #isActive = true;
  /** When each signing key that was replaced ends; the last one has no end. */
  readonly #signers = [Infinity];

  constructor(real: MockSandbox) {
    this.real = real;
  }

  get #now(): number {
    return now + this.#offset;
  }

  get clientId(): string {
    return this.real.clinics.find(({ clinic }) => clinic === 'bianchi')?.keys[0]?.clientId ?? '';
  }

  async take(): Promise<Token> {
    // Faults strike calls alone here.
    const status = this.#isActive ? 'active' : 'revoked';
    const header = await bearerOf(this.real, 'bianchi', { scope, status });
    const expires = Math.floor(this.#now / 1000) + lifetime;
    return { header, world: this, expires, signer: this.#signers.length - 1 };
  }

  revoke(): void {
    this.real.keys.revoke(this.clientId);
    this.#isActive = false;
  }

  restore(): void {
    this.real.keys.restore(this.clientId);
    this.#isActive = true;
  }

  advance(seconds: number): void {
    this.real.clock.advance({ seconds });
    this.#offset += seconds * 1000;
  }

  fault(status: number, count: number): void {
    this.real.faults.add({ operationId: 'listDoctors', status, count });
    this.#faults.push(...Array.from({ length: count }, () => status));
  }

  reset(): void {
    this.real.reset();
    this.#offset = 0;
    this.#faults = [];
    this.#isActive = true;
  }

  async rotate(): Promise<void> {
    await this.real.rotateSigningKeys();
    this.#signers[this.#signers.length - 1] = this.#now + lifetime * 1000;
    this.#signers.push(Infinity);
  }

  /** The statuses of calls that come at the same time, in any order. */
  expected(tokens: readonly Token[]): number[] {
    const struck = this.#faults.splice(0, tokens.length);
    return struck.length === tokens.length
      ? struck
      : [...struck, ...tokens.slice(struck.length).map((each) => this.#of(each))];
  }

  #of({ world, expires, signer }: Token): number {
    const isGood = world === this && this.#now < (this.#signers[signer] ?? 0) && Math.floor(this.#now / 1000) < expires;
    if (!isGood) return 401;
    return this.#isActive ? 200 : 403;
  }

  async call(token: Token): Promise<number> {
    const response = await fetch(`${this.real.baseUrl}/equipe/doctors`, { headers: { Authorization: token.header } });
    await response.body?.cancel();
    return response.status;
  }
}

const inOrder = (statuses: readonly number[]): number[] => statuses.toSorted((a, b) => a - b);

const world = fc.nat({ max: 1 });
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      does: fc.constant('call' as const),
      world,
      token: fc.nat(),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('take' as const), world }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('revoke' as const, 'restore' as const, 'reset' as const), world }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('advance' as const),
      world,
      seconds: fc.constantFrom(1, 1800, 3599, 3600, -60, -7200),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('fault' as const),
      world,
      status: fc.constantFrom(500, 503),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('new sandbox' as const), world }) },
);

test.each([0, 1])('each world answers as the model says (mock %i)', async (index) => {
  const mock = mocks[index];
  if (!mock) throw new Error('There is no mock.');
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 20, maxLength: 40 }),
    fc.nat({ max: 39 }),
    async (steps, turn) => {
      mock.reset();
      const own = new World(mock);
      let other = new World(mock.sandboxes.create());
      const tokens = [await own.take(), await other.take()];
      for (const [at, each] of steps.entries()) {
        const target = each.world === 0 ? own : other;
        // To make a key takes long, so there is one rotation in each run.
        if (at === turn) await target.rotate();
        if (each.does === 'call') {
          const token = tokens[each.token % tokens.length];
          const calls = token ? Array.from({ length: each.times }, () => token) : [];
          const expected = target.expected(calls);
          const found = await Promise.all(calls.map((call) => target.call(call)));
          expect(inOrder(found)).toEqual(inOrder(expected));
        } else if (each.does === 'take') tokens.push(await target.take());
        else if (each.does === 'advance') target.advance(each.seconds);
        else if (each.does === 'fault') target.fault(each.status, each.count);
        else if (each.does === 'new sandbox') {
          await other.real.close();
          other = new World(mock.sandboxes.create());
        } else target[each.does]();
      }
      await other.real.close();
    },
  );
  await fc.assert(property, { seed: 4010, numRuns: runs(5, 60), endOnFailure: true });
});
