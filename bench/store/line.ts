import type { Costs, Setup } from './simulation.ts';
import type { Thread, Timeline } from './timeline.ts';

/** A world as Redis has it. */
export interface World {
  epoch: number;
  newest: number;
}

interface Around {
  world: World;
  time: Timeline;
  thread: Thread;
  redis: Thread;
  costs: Costs;
  setup: Setup;
  /** From 0 to 1: when it looks first. */
  phase: number;
  /** Counts of all lines. */
  commits: { all: number; entries: number };
}

interface Entry {
  epoch: number;
  answered: () => void;
}

interface Task {
  isCommit: boolean;
  start: () => void;
}

/** The bounds of src/mock/replica.ts, of a page of news, and of a journal. */
const [mostAtOnce, mostPending, pageSize, mostKept, looks] = [200, 1000, 1000, 10_000, 1_000_000];

/** One world at one replica: its commits, and what it follows of those of others, one after the other. */
export class Line {
  readonly #of: Around;
  #epoch = 0;
  #newest = 0;
  /** Own entries that are kept back until those of others before them are known. */
  #pending = 0;
  #isCold = true;
  #waiting: Entry[] = [];
  readonly #tasks: Task[] = [];
  #underWay = 0;
  #isTaken = false;
  #following: (() => void)[] | undefined;

  constructor(around: Around) {
    this.#of = around;
    if (around.setup.worlds === 1) this.#look(looks * around.phase);
  }

  request(answered: () => void): void {
    const { thread, costs } = this.#of;
    const cost = this.#isCold ? costs.replica.cold : costs.replica.request;
    this.#isCold = false;
    thread.run(cost, () => {
      this.#waiting.push({ epoch: this.#epoch, answered });
      if (this.#waiting.length === 1) this.#add(true, () => this.#commit());
    });
  }

  change(answered: () => void): void {
    const { thread, costs, world } = this.#of;
    const attempt = (): void => {
      const epoch = this.#epoch;
      let isStale = false;
      const atRedis = (): void => {
        isStale = world.epoch !== epoch;
        if (!isStale) world.epoch += 1;
      };
      this.#ask(costs.redis.change, atRedis, () => {
        if (isStale) return this.#follow(() => thread.run(costs.replica.commit, attempt, true));
        this.#epoch += 1;
        this.#isCold = true;
        this.#release();
        answered();
      });
    };
    thread.run(costs.replica.change, () => this.#add(false, attempt));
  }

  /** Goes to Redis and back. */
  #ask(cost: number, atRedis: () => void, back: () => void): void {
    const { time, redis, setup } = this.#of;
    time.after(setup.roundTrip / 2, () =>
      redis.run(cost, () => {
        atRedis();
        time.after(setup.roundTrip / 2, back);
      }),
    );
  }

  #commit(): void {
    const { thread, costs, world, commits } = this.#of;
    const all = this.#waiting.splice(0, mostAtOnce);
    if (this.#waiting.length > 0) this.#add(true, () => this.#commit());
    const epoch = this.#epoch;
    const fresh = all.filter((each) => each.epoch === epoch);
    for (const each of all) if (each.epoch !== epoch) this.request(each.answered);
    if (fresh.length === 0) return;
    this.#underWay += 1;
    let isStale = false;
    const atRedis = (): void => {
      isStale = world.epoch !== epoch;
      if (!isStale) world.newest += fresh.length;
    };
    const back = (): void => {
      this.#underWay -= 1;
      if (isStale) {
        this.#catchUp(() => {
          for (const each of fresh) this.request(each.answered);
        });
      } else {
        commits.all += 1;
        commits.entries += fresh.length;
        this.#pending += fresh.length;
        this.#seeOwn();
        if (this.#pending >= mostPending) this.#catchUp(() => {});
        for (const { answered } of fresh) answered();
      }
      this.#next();
    };
    const half = costs.replica.commit / 2;
    // The answer is read when the requests that came before it are worked out.
    const send = (): void =>
      this.#ask(costs.redis.commit + costs.redis.entry * fresh.length, atRedis, () => thread.run(half, back));
    thread.run(half, send, true);
  }

  /** If no others are before them. */
  #seeOwn(): void {
    if (this.#of.setup.replicas > 1 && !this.#of.setup.isKept) return;
    this.#newest += this.#pending;
    this.#pending = 0;
  }

  #catchUp(done: () => void): void {
    if (this.#following) this.#following.push(done);
    else {
      this.#following = [done];
      this.#add(false, () => {
        const all = this.#following ?? [];
        this.#following = undefined;
        this.#follow(() => {
          this.#release();
          for (const each of all) each();
        });
      });
    }
  }

  /** Carries out changes and reads entries, page by page. */
  #follow(done: () => void): void {
    const { world, thread, costs } = this.#of;
    const behind = Math.max(0, Math.min(world.newest - this.#newest, mostKept));
    const page = Math.min(behind, pageSize);
    let epoch = this.#epoch;
    const atRedis = (): void => {
      epoch = world.epoch;
    };
    this.#ask(costs.redis.look + costs.redis.read * page, atRedis, () => {
      const own = behind === 0 ? 0 : Math.min(1, this.#pending / behind);
      const applied = epoch - this.#epoch;
      const cost = costs.replica.commit + costs.replica.apply * applied + costs.replica.see * page * (1 - own);
      thread.run(
        cost,
        () => {
          if (applied > 0) this.#isCold = true;
          this.#epoch = epoch;
          this.#pending *= behind === 0 ? 0 : 1 - page / behind;
          this.#newest = Math.max(this.#newest, world.newest - mostKept, 0) + page;
          if (page < pageSize) done();
          else this.#follow(done);
        },
        true,
      );
    });
  }

  /** Looks by itself, as a replica does at the mock's own world. */
  #look(after = looks): void {
    this.#of.time.after(after, () => this.#catchUp(() => this.#look()));
  }

  #add(isCommit: boolean, start: () => void): void {
    this.#tasks.push({ isCommit, start });
    this.#next();
  }

  #next(): void {
    for (let [task] = this.#tasks; task && !this.#isTaken; [task] = this.#tasks) {
      if (this.#underWay >= (task.isCommit ? this.#of.setup.underWay : 1)) return;
      this.#tasks.shift();
      this.#isTaken = !task.isCommit;
      task.start();
    }
  }

  #release(): void {
    this.#isTaken = false;
    this.#next();
  }
}
