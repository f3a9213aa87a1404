import type { Mix } from './mixes';
import { type Random, randomFrom } from './random';
import { applyPhoto, type Rules, type Run } from './worker';
import { type Message, World } from './world';

/** How a schedule ended, and what was wrong in the end, if anything. */
export interface Outcome {
  wrong: string | undefined;
  steps: number;
}

interface Worker {
  name: string;
  message: Message;
  run: Run;
  /** What it does when it is next let go on. */
  next: string;
  /** The step of the schedule before which it is not let go on. */
  asleepUntil: number;
  /** Its message has been given to another worker as well. */
  slow: boolean;
}

interface Event {
  /** Milliseconds of true time. */
  at: number;
  kind: 'change' | 'notification' | 'poison' | 'sweep';
}

const poisonAfter = 5;
const stepLimit = 20_000;

/** Plays one schedule. The same seed, mix and rules play the same one; with `trace`, it is written down. */
export function playSchedule(seed: number, mix: Mix, rules: Rules, trace?: string[]): Outcome {
  const schedule = new Schedule(randomFrom(seed), mix, rules, new World(randomFrom(~seed), mix, trace));
  schedule.playToRest();
  for (let sweeps = 0; mix.sweep && sweeps < 5 && schedule.lastSweep(); sweeps++) schedule.playToRest();
  return schedule.outcome();
}

/** Who goes next, who dies, and when: everything that the protocol has no say in. */
class Schedule {
  private readonly workers: Worker[] = [];
  private readonly events: Event[] = [];
  private started = 0;
  private steps = 0;
  private deaths: number;
  private slowWorkers: number;

  constructor(
    private readonly random: Random,
    private readonly mix: Mix,
    private readonly rules: Rules,
    private readonly world: World,
  ) {
    this.deaths = mix.crashes;
    this.slowWorkers = mix.slowWorkers;
    let at = 0;
    for (let changes = 1 + random.below(4); changes > 0; changes--) {
      this.events.push({ at, kind: 'change' });
      at += this.sometime();
    }
    if (mix.sweep) this.events.push({ at: random.below(200_000), kind: 'sweep' });
  }

  playToRest(): void {
    while (this.playStep()) {
      this.passTime();
      if (++this.steps > stepLimit) throw new Error('The schedule does not come to rest.');
    }
  }

  /** Sweeps when all changes are over, Graph has caught up and nothing fails; says whether there was drift. */
  lastSweep(): boolean {
    this.deaths = 0;
    this.slowWorkers = 0;
    this.world.calm = true;
    this.world.now += this.mix.lagMs;
    return this.sweep();
  }

  outcome(): Outcome {
    const { sharePoint, photo, row } = this.world;
    const { S, M, L, properties } = sharePoint;
    let wrong: string | undefined;
    if (S !== M || S !== L || S !== properties)
      wrong = `mixed: ${JSON.stringify(sharePoint)} of photo ${photo}`;
    else if (S !== photo) wrong = `SharePoint shows ${S}, the photo is ${photo}`;
    else if (row.dirty) wrong = 'the row stays dirty';
    return { wrong, steps: this.steps };
  }

  /** Lets one of the things happen that can happen now; false when nothing is left. */
  private playStep(): boolean {
    const { world, workers, events, steps } = this;
    const { now, queue } = world;
    let awake = 0;
    for (const worker of workers) if (worker.asleepUntil <= steps) awake += 1;
    let visible = 0;
    if (workers.length < this.mix.workers)
      for (const message of queue) if (message.visibleAt <= now) visible += 1;
    let due = 0;
    for (const event of events) if (event.at <= now) due += 1;

    // A worker's step is twice as likely as a delivery or an event, or else all of them run at once.
    const choices = 2 * awake + visible + due;
    if (choices === 0) return this.wait();
    const choice = this.random.below(choices);
    if (choice < 2 * awake) this.letGoOn(nth(workers, choice >> 1, (worker) => worker.asleepUntil <= steps));
    else if (choice < 2 * awake + visible)
      this.start(nth(queue, choice - 2 * awake, (m) => m.visibleAt <= now));
    else this.happen(nth(events, choice - 2 * awake - visible, (event) => event.at <= now));
    return true;
  }

  private happen(event: Event): void {
    const { world, random, mix } = this;
    remove(this.events, event);
    switch (event.kind) {
      case 'change':
        world.changePhoto();
        if (!random.chance(mix.lost)) this.events.push({ at: world.now, kind: 'notification' });
        while (random.chance(mix.duplicates)) {
          this.events.push({ at: world.now + this.sometime(), kind: 'notification' });
        }
        return;
      case 'notification':
        world.send('notification', false, 0);
        return;
      case 'poison':
        if (this.rules.poisonMarksDirty) world.setRow({ dirty: true });
        return;
      case 'sweep':
        this.sweep();
    }
  }

  private sweep(): boolean {
    const { row } = this.world;
    if (!row.dirty && row.appliedEtag === this.world.settledPhoto()) return false;
    this.world.send('sweep', false, 0);
    return true;
  }

  private start(message: Message): void {
    remove(this.world.queue, message);
    message.dequeueCount += 1;
    const run = applyPhoto(this.world, message, this.rules);
    const name = `worker ${++this.started}`;
    this.world.note(
      name,
      'takes',
      message.cause,
      'of second',
      message.insertedAt,
      'delivery',
      message.dequeueCount,
    );
    const worker: Worker = { name, message, run, next: '', asleepUntil: 0, slow: false };
    this.workers.push(worker);
    this.advance(worker);
  }

  private letGoOn(worker: Worker): void {
    const { random, mix } = this;
    const mayDie = this.deaths > 0 && !worker.slow;
    if (mayDie && random.chance(mix.crash)) {
      this.die(worker);
      return;
    }
    const maySlow = this.slowWorkers > 0 && !worker.slow && worker.message.dequeueCount < poisonAfter;
    if (maySlow && random.chance(mix.slow)) {
      this.giveToAnother(worker);
      return;
    }
    if (random.chance(0.1)) {
      worker.asleepUntil = this.steps + random.below(40);
      return;
    }
    this.world.note(worker.name, worker.next);
    this.advance(worker);
  }

  private advance(worker: Worker): void {
    const { done, value } = worker.run.next();
    if (!done) {
      worker.next = value;
      return;
    }
    this.world.note(worker.name, 'is done');
    remove(this.workers, worker);
  }

  private die(worker: Worker): void {
    this.deaths -= 1;
    this.world.note(worker.name, 'dies before it', worker.next);
    remove(this.workers, worker);
    if (worker.slow) return;
    if (worker.message.dequeueCount < poisonAfter) this.giveBack(worker.message);
    else this.events.push({ at: this.world.now + this.sometime(), kind: 'poison' });
  }

  /** The worker lives, but the queue thinks otherwise. */
  private giveToAnother(worker: Worker): void {
    this.slowWorkers -= 1;
    worker.slow = true;
    this.world.note(worker.name, 'is taken for dead before it', worker.next);
    this.giveBack({ ...worker.message });
  }

  private giveBack(message: Message): void {
    message.visibleAt = this.world.now + 60_000 + this.random.below(30_000);
    this.world.queue.push(message);
  }

  /** Nothing can happen now: the sleepers wake, or sleep on until something is due. */
  private wait(): boolean {
    let next = Infinity;
    for (const message of this.world.queue) if (message.visibleAt < next) next = message.visibleAt;
    for (const event of this.events) if (event.at < next) next = event.at;
    if (
      this.workers.length > 0 &&
      (next === Infinity || this.workers.length === this.mix.workers || this.random.chance(0.5))
    ) {
      for (const worker of this.workers) worker.asleepUntil = 0;
      return true;
    }
    if (next === Infinity) return false;
    if (next > this.world.now) this.world.now = next;
    return true;
  }

  /** Mostly a moment, at times seconds, now and then longer than a claim lasts. */
  private passTime(): void {
    const kind = this.random.below(1000);
    const longest = kind < 850 ? 200 : kind < 950 ? 2_000 : kind < 998 ? 8_000 : 150_000;
    this.world.now += this.random.below(longest);
  }

  /** Soon, within the coalescing window, or when a dead worker's message is back. */
  private sometime(): number {
    const kind = this.random.below(10);
    return kind < 8 ? this.random.below(kind < 5 ? 3_000 : 15_000) : 50_000 + this.random.below(70_000);
  }
}

function nth<Item>(items: Item[], index: number, isWanted: (item: Item) => boolean): Item {
  for (const item of items) if (isWanted(item) && index-- === 0) return item;
  throw new Error('There are fewer than counted.');
}

function remove<Item>(items: Item[], item: Item): void {
  items.splice(items.indexOf(item), 1);
}
