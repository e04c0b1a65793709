interface Event {
  at: number;
  act: () => void;
}

/** Simulated time, in microseconds, and what is to happen. */
export class Timeline {
  now = 0;
  /** A heap: no event is earlier than the one at half its place. */
  readonly #events: Event[] = [];

  after(delay: number, act: () => void): void {
    const event = { at: this.now + delay, act };
    let place = this.#events.push(event) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#events[above];
      if (!other || other.at <= event.at) break;
      this.#events[place] = other;
      place = above;
    }
    this.#events[place] = event;
  }

  /** Lets everything happen that is due until then. */
  run(until: number): void {
    for (let first = this.#take(); first && first.at <= until; first = this.#take()) {
      this.now = first.at;
      first.act();
    }
  }

  #take(): Event | undefined {
    const [first] = this.#events;
    const last = this.#events.pop();
    if (!last || first === last) return first;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [one, other] = [this.#events[left], this.#events[left + 1]];
      if (!one) break;
      const [below, event] = other && other.at < one.at ? [left + 1, other] : [left, one];
      if (event.at >= last.at) break;
      this.#events[place] = event;
      place = below;
    }
    this.#events[place] = last;
    return first;
  }
}

/** What threads share, each for one job at a time. */
export class Cores {
  readonly time: Timeline;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count infinite if each thread has one of its own. */
  constructor(time: Timeline, count: number) {
    this.time = time;
    this.#free = count;
  }

  take(start: () => void): void {
    if (this.#free === 0) this.#waiting.push(start);
    else {
      this.#free -= 1;
      start();
    }
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}

/** Does one job after the other. */
export class Thread {
  readonly #cores: Cores;
  readonly #jobs: { cost: number; done: () => void }[] = [];
  #isBusy = false;

  constructor(cores: Cores) {
    this.#cores = cores;
  }

  /** @param cost in microseconds. @param isNext whether it comes before all that wait. */
  run(cost: number, done: () => void, isNext = false): void {
    if (isNext) this.#jobs.unshift({ cost, done });
    else this.#jobs.push({ cost, done });
    this.#next();
  }

  #next(): void {
    if (this.#isBusy || this.#jobs.length === 0) return;
    this.#isBusy = true;
    this.#cores.take(() => {
      const job = this.#jobs.shift();
      this.#cores.time.after(job?.cost ?? 0, () => {
        job?.done();
        this.#isBusy = false;
        this.#cores.give();
        this.#next();
      });
    });
  }
}
