// Whatever is done to keys, tokens, clock and answers, in whatever order: each answer is that of the token's clinic, or
// none. Worlds and sequences are random with a fixed seed, and a model that shares no code with the mock says what to
// expect.
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { ClinicsModel, type Doctor, type ModelClinic, type ModelToken } from '../support/clinics-model.ts';
import { basic } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { runs } from '../support/runs.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const start = Date.parse('2026-11-23T12:00:00Z');
const worlds = 4;
const sequences = runs(4, 20);
const commandsEach = 25;

/** The names of a clinic's doctors, by which its answers are known. */
const doctors = (clinic: string, names: readonly string[]): Doctor[] =>
  names.map((name) => ({ name: `${name} «${clinic}»`, profileImage: null }));
const names = fc.array(fc.constantFrom('Dr. Rossi', 'Dott.ssa Bianchi', "Dr. D'Amico", 'Dr. Ng'), { maxLength: 4 });

// Ids that begin alike, and some that every object has a property of.
const clinicIds = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom('a', 'a-b', 'aa', 'ab', 'b', 'constructor', '0', '00'),
    fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/),
  ),
  { minLength: 2, maxLength: 6 },
);

const world: fc.Arbitrary<ModelClinic[]> = clinicIds.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc
        .tuple(
          names,
          fc.array(fc.constantFrom('active', 'active', 'revoked', 'expired'), { minLength: 1, maxLength: 3 }),
        )
        .map(([each, statuses]) => ({
          id,
          doctors: doctors(id, each),
          keys: statuses.map((status, index) => ({
            clientId: `${id}-key-${index}`,
            // Two clinics may by chance have the same secret.
            clientSecret: index === 0 ? 'not-a-secret' : `not-a-secret-${id}`,
            status,
          })),
        })),
    ),
  ),
);

const pick = fc.nat({ max: 1000 });
const does = <Name extends string>(name: Name): { does: fc.Arbitrary<Name> } => ({ does: fc.constant(name) });
const command = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      ...does('take a token'),
      key: pick,
      elsewhere: fc.boolean(),
      wrong: fc.integer({ min: 0, max: 4 }),
    }),
  },
  { weight: 20, arbitrary: fc.record({ ...does('call'), token: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      ...does('call with a tampered token'),
      token: pick,
      other: pick,
      part: fc.constantFrom(0, 1, 2),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      ...does('issue'),
      clinic: pick,
      id: fc.nat({ max: 1 }),
      hours: fc.option(fc.nat({ max: 3 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...does('change'),
      key: pick,
      to: fc.constantFrom('revoke', 'expire', 'restore', 'restore'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ ...does('replace'), clinic: pick, names, additive: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ ...does('advance'), minutes: fc.integer({ min: -30, max: 50 }) }) },
  { weight: 1, arbitrary: fc.record({ ...does('rotate') }) },
  { weight: 3, arbitrary: fc.record({ ...does('reset') }) },
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

const at = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % Math.max(items.length, 1)];

/** A mock, what the model thinks of it, and the tokens that it gave. */
class Trial {
  readonly #mock: Mock;
  readonly #clinics: readonly ModelClinic[];
  readonly #model: ClinicsModel;
  #tokens: ModelToken[] = [];

  constructor(mock: Mock, clinics: readonly ModelClinic[]) {
    this.#mock = mock;
    this.#clinics = clinics;
    this.#model = new ClinicsModel(clinics, start);
    mock.reset();
  }

  /** Gives the status if the command sends a request. */
  async run(command: Command): Promise<number | undefined> {
    const model = this.#model;
    switch (command.does) {
      case 'take a token':
        return this.#takeToken(command);
      case 'call': {
        const token = at(this.#tokens, command.token);
        return token && this.#call(token.text, model.call(token));
      }
      case 'call with a tampered token': {
        const [token, other] = [at(this.#tokens, command.token), at(this.#tokens, command.other)];
        if (!token || !other || token === other) return undefined;
        const parts = token.text.split('.');
        const changed = parts.with(command.part, other.text.split('.')[command.part] ?? '').join('.');
        // Tokens of one signing key have one header: then nothing was changed.
        return this.#call(changed, changed === token.text ? model.call(token) : { status: 401 });
      }
      case 'issue':
        this.#issue(command);
        break;
      case 'change': {
        const [clientId, key] = at([...model.keys], command.key) ?? [];
        if (clientId === undefined || !key) break;
        this.#mock.keys[command.to](clientId);
        const status = ({ revoke: 'revoked', expire: 'expired', restore: 'active' } as const)[command.to];
        model.keys.set(clientId, { ...key, status, expiresAt: status === 'active' ? Infinity : key.expiresAt });
        break;
      }
      case 'replace': {
        const { id = '' } = at(this.#clinics, command.clinic) ?? {};
        const body = doctors(id, command.names);
        this.#mock.answers.replace(id, 'listDoctors', body, { additive: command.additive });
        const added = { fieldAddedByTheMock: 'A client must ignore it.' };
        model.answers.set(id, command.additive ? body.map((each) => ({ ...each, ...added })) : body);
        break;
      }
      case 'advance':
        this.#mock.clock.advance({ minutes: command.minutes });
        model.now += command.minutes * 60_000;
        break;
      case 'rotate':
        await this.#mock.rotateSigningKeys();
        model.rotate();
        break;
      case 'reset':
        this.#mock.reset();
        model.reset();
        break;
    }
    return undefined;
  }

  async #takeToken({ key, elsewhere, wrong }: { key: number; elsewhere: boolean; wrong: number }): Promise<number> {
    const [clientId = '', found] = at([...this.#model.keys], key) ?? [];
    const secret = wrong === 0 ? 'wrong' : (found?.clientSecret ?? '');
    const clinic = (elsewhere ? at(this.#clinics, wrong + key)?.id : found?.clinic) ?? '';
    const response = await fetch(`${this.#mock.url}/auth/${clinic}/oauth2/token`, {
      method: 'POST',
      headers: { Authorization: basic({ clientId, clientSecret: secret }) },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    const answer: unknown = await response.json();
    if (this.#model.givesToken(clinic, clientId, secret)) {
      expect([response.status, answer]).toMatchObject([200, { access_token: expect.any(String) }]);
      this.#tokens.push(this.#model.token(String(Object(answer)['access_token']), clinic, clientId));
    } else {
      expect([response.status, answer]).toMatchObject([401, { error: 'invalid_client' }]);
    }
    return response.status;
  }

  async #call(token: string, expected: { status: number; body?: Doctor[] }): Promise<number> {
    const response = await fetch(`${this.#mock.baseUrl}/equipe/doctors`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const answer: unknown = await response.json();
    expect(response.status).toBe(expected.status);
    if (expected.body) expect(answer).toEqual(expected.body);
    else expect(JSON.stringify(answer)).not.toContain('«');
    return response.status;
  }

  /** Few ids for all clinics: after a reset an id may be issued to another clinic, while its old tokens are still about. */
  #issue({ clinic, id, hours }: { clinic: number; id: number; hours: number | null }): void {
    const clientId = `issued-${id}`;
    const clientSecret = 'not-a-secret';
    const { id: holder = '' } = at(this.#clinics, clinic) ?? {};
    const expiresAt = hours === null ? Infinity : this.#model.now + hours * 3_600_000;
    const issue = (): unknown =>
      this.#mock.keys.issue({
        clinic: holder,
        clientId,
        clientSecret,
        expiresAt: hours === null ? undefined : new Date(expiresAt),
      });
    if (this.#model.keys.has(clientId)) {
      expect(issue).toThrow('already');
      return;
    }
    issue();
    this.#model.keys.set(clientId, { clinic: holder, clientSecret, status: 'active', expiresAt });
  }
}

const given = fc.sample(world, { seed: 4010, numRuns: worlds }).map((clinics) => ({
  clinics,
  ids: clinics.map(({ id }) => id).join(', '),
}));

test.each(given)('no clinic ever gets the answer of another: $ids', async ({ clinics }) => {
  const files = clinics.map(({ id, keys, doctors: listDoctors }) => [
    `${id}.yaml`,
    stringify({ name: id, keys, responses: { listDoctors } }),
  ]);
  await using folder = await temporaryFolder(Object.fromEntries(files));
  await using mock = await startMock({ clinics: folder.path, now: () => start });
  const statuses = new Map<number | undefined, number>();
  const sequence = fc.array(command, { minLength: commandsEach, maxLength: commandsEach });
  const property = fc.asyncProperty(sequence, async (commands) => {
    const trial = new Trial(mock, clinics);
    for (const each of commands) {
      const status = await trial.run(each);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  await fc.assert(property, { seed: 4010, numRuns: sequences });
  // It would be easy to be isolated by refusing everything.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 401, 403]));
});
