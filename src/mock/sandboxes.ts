import { withOwnSecrets } from './clinics/own-secrets.ts';
import { ControlError } from './control/control-error.ts';
import { notFound } from './control/not-found.ts';
import type { ErrorStyle } from './error-style.ts';
import type { Limits } from './limits.ts';
import { MockSandbox } from './mock-sandbox.ts';
import type { SandboxParts } from './state/settings.ts';
import type { Credentials } from './token/basic-credentials.ts';
import { World } from './world.ts';

/** What a new sandbox may be given beside the mock's own settings. */
export interface NewSandbox {
  /** Seed of what happens by chance. Default: the mock's. */
  seed?: number | undefined;
  /** How its token endpoint words its errors. Default: as the mock's. */
  errorStyle?: ErrorStyle | undefined;
}

interface Inhabited {
  world: World;
  /** When its last request ended, in milliseconds since 1970. */
  usedAt: number;
  /** Requests under way, streams among them. */
  underWay: number;
}

/** The isolated sandboxes of a mock: each has URL, credentials, clock, faults and journal of its own. */
export class Sandboxes {
  readonly #parts: SandboxParts;
  readonly #limits: Limits;
  readonly #sandboxes = new Map<string, Inhabited>();
  /** No sandbox has been idle for too long before this time, in milliseconds since 1970. */
  #noneIdleUntil = -Infinity;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(parts: SandboxParts, limits: Limits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  /**
   * Makes a new world beside the others. It ends with `close()`, or when nobody has asked it for some time.
   * @throws ControlError `too_many` if there are as many as there may be.
   */
  create({ seed = this.#parts.seed, errorStyle = this.#parts.errorStyle }: NewSandbox = {}): MockSandbox {
    this.#endIdle();
    if (this.#sandboxes.size >= this.#limits.sandboxes) {
      throw new ControlError('too_many', `There are ${this.#limits.sandboxes} sandboxes already; end one first.`);
    }
    const { newId, clinics, tell, tellReset, now } = this.#parts;
    const id = newId();
    const world = new World({
      ...this.#parts,
      url: `${this.#parts.url}/s/${id}`,
      clinics: clinics.map((clinic) => withOwnSecrets(clinic, newId)),
      seed,
      errorStyle,
      tell: (answered) => tell({ ...answered, sandbox: id }),
      tellReset: () => tellReset(id),
    });
    const usedAt = now();
    this.#sandboxes.set(id, { world, usedAt, underWay: 0 });
    this.#willBeIdle(usedAt);
    return this.#show(id, world);
  }

  /** Those that there are, oldest first. */
  list(): MockSandbox[] {
    this.#endIdle();
    return [...this.#sandboxes].map(([id, { world }]) => this.#show(id, world));
  }

  /** @throws ControlError `not_found` if there is none of the id. */
  end(id: string): void {
    const found = this.#sandboxes.get(id);
    if (!found) throw notFound('sandbox', id, [...this.#sandboxes.keys()]);
    this.#sandboxes.delete(id);
    found.world.close();
  }

  /** @internal The world of a sandbox for one request, and what is to be called when that has ended. */
  enter(id: string): { world: World; leave: () => void } | undefined {
    this.#endIdle();
    const found = this.#sandboxes.get(id);
    if (!found) return undefined;
    found.underWay += 1;
    const leave = (): void => {
      found.underWay -= 1;
      found.usedAt = this.#parts.now();
      this.#willBeIdle(found.usedAt);
    };
    return { world: found.world, leave };
  }

  /** @internal Whether one of them has a key with this secret. */
  have(credentials: Credentials): boolean {
    return [...this.#sandboxes.values()].some(({ world }) => world.controls.keys.have(credentials));
  }

  /** @internal Ends all. */
  close(): void {
    for (const id of this.#sandboxes.keys()) this.end(id);
  }

  #show(id: string, world: World): MockSandbox {
    return new MockSandbox(id, world, async () => {
      if (this.#sandboxes.has(id)) this.end(id);
    });
  }

  #endIdle(): void {
    const now = this.#parts.now();
    if (now < this.#noneIdleUntil) return;
    const limit = this.#limits.sandboxIdleSeconds * 1000;
    this.#noneIdleUntil = Infinity;
    for (const [id, { usedAt, underWay }] of this.#sandboxes) {
      if (underWay > 0) continue;
      if (usedAt < now - limit) this.end(id);
      else this.#willBeIdle(usedAt);
    }
  }

  #willBeIdle(usedAt: number): void {
    this.#noneIdleUntil = Math.min(this.#noneIdleUntil, usedAt + this.#limits.sandboxIdleSeconds * 1000);
  }
}
