/** A statement that holds unless it is refuted. */
export interface Assumption {
  key: string;
  /** One assumption of each list must hold. Undefined if the assumption is already refuted. */
  premises: () => Options[] | undefined;
}

/** Alternative assumptions, created on demand. */
export type Options = (() => Assumption)[];

/** Relies on one option at a time; those before it are refuted. */
interface Premise {
  owner: string;
  options: Options;
  at: number;
}

/**
 * The largest set of assumptions that rest on each other alone, found as far as is asked for. Each is looked at once, so
 * that the time grows with their number, however often they lead back to themselves.
 */
export class Assumptions {
  readonly #known = new Set<string>();
  readonly #refuted = new Set<string>();
  readonly #relying = new Map<string, Premise[]>();

  holds(assumption: Assumption): boolean {
    const ahead = [assumption];
    for (let next = ahead.pop(); next; next = ahead.pop()) {
      if (this.#known.has(next.key)) continue;
      this.#known.add(next.key);
      const owner = next.key;
      const premises = next.premises()?.map((options) => ({ owner, options, at: 0 }));
      if (!premises?.every((premise) => this.#rely(premise, ahead))) this.#refute(owner, ahead);
    }
    return !this.#refuted.has(assumption.key);
  }

  #rely(premise: Premise, ahead: Assumption[]): boolean {
    for (; premise.at < premise.options.length; premise.at += 1) {
      const option = premise.options[premise.at]?.();
      if (!option || this.#refuted.has(option.key)) continue;
      const relying = this.#relying.get(option.key);
      if (relying) relying.push(premise);
      else this.#relying.set(option.key, [premise]);
      ahead.push(option);
      return true;
    }
    return false;
  }

  #refute(key: string, ahead: Assumption[]): void {
    const refuted = [key];
    for (const each of refuted) {
      if (this.#refuted.has(each)) continue;
      this.#refuted.add(each);
      const relying = this.#relying.get(each) ?? [];
      this.#relying.delete(each);
      for (const premise of relying) if (!this.#rely(premise, ahead)) refuted.push(premise.owner);
    }
  }
}
