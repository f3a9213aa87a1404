import fc, { type Scheduler } from 'fast-check';
import { applyPhoto } from '../../../src/photos/apply-photo';
import type { Delivery } from '../../../src/photos/fold-looks';
import { decodePhotoEvent, encodePhotoEvent, type PhotoEvent } from '../../../src/photos/photo-event';
import { recordPoison } from '../../../src/photos/report-poison';
import type { ApplyDeps } from '../../../src/photos/run';
import { queueNames, type PhotoQueueName } from '../../../src/storage/names';
import { createPersonTable } from '../../../src/storage/person-table';
import { memoryTable, type MemoryTable } from '../../support/memory-table';
import { randomFrom, type Random } from '../../protocol/random';
import { Hazards, type Worker } from './hazards';
import { isPoison, MessageQueue, type Message } from './message-queue';
import { portsOf, type World } from './ports';
import { removalConfirmMs } from './removal-time';
import type { Change, Schedule } from './schedule';
import { people, Tenant, type Person } from './tenant';
import { Timeline } from './timeline';

/** What stands between the schedule and the worker: a way to switch one of its rules off. */
export interface Tampering {
  ports?: (ports: ApplyDeps) => ApplyDeps;
  delivery?: (event: PhotoEvent, delivery: Delivery) => [PhotoEvent, Delivery];
}

/** How a schedule ended. */
export interface Ending {
  tenant: Tenant;
  rows: MemoryTable;
  /** What happened, a line each. */
  trace: () => string[];
  problems: string[];
}

/** Plays one schedule until nothing is left to do, and sweeps up what needs a sweep. */
export function play(schedule: Schedule, tampering: Tampering = {}): Promise<Ending> {
  return new Play(schedulerOf(schedule), schedule, tampering).toTheEnd();
}

/**
 * A scheduler that is given to a property goes on, while fast-check shrinks, where the last one ended, and then no path
 * plays the same schedule again. One made from a seed begins at the beginning.
 */
function schedulerOf({ seed }: Schedule): Scheduler {
  const [scheduler] = fc.sample(fc.scheduler(), { seed, numRuns: 1 });
  if (!scheduler) throw new Error('fast-check gave no scheduler.');
  return scheduler;
}

class Play {
  private readonly random: Random;
  private readonly timeline: Timeline;
  private readonly world: World;
  private readonly rows: MemoryTable;
  private readonly tenant = new Tenant();
  private readonly queue: MessageQueue;

  constructor(
    scheduler: Scheduler,
    private readonly schedule: Schedule,
    private readonly tampering: Tampering,
  ) {
    this.random = randomFrom(schedule.seed);
    const timeline = new Timeline(scheduler, schedule.paceMs, this.random);
    const hazards = new Hazards(timeline, schedule);
    const handle = (message: Message, worker: Worker) => this.handle(message, worker);
    this.timeline = timeline;
    this.rows = memoryTable(() => timeline.serverTime());
    this.queue = new MessageQueue(timeline, hazards, schedule.workers, handle);
    this.world = {
      timeline,
      hazards,
      tenant: this.tenant,
      rows: this.rows,
      coalesceMs: schedule.coalesceMs,
      secondLookSeconds: schedule.secondLookSeconds,
      random: this.random,
      leftToSweep: new Set(),
      send: (queue, text, delaySeconds) => {
        if (schedule.losesConfirmations && /"cause":"(confirm|files)"/.test(text)) return;
        this.queue.send(queue, text, delaySeconds * 1000);
      },
    };
  }

  async toTheEnd(): Promise<Ending> {
    people.forEach((person, index) => this.meanwhile(this.live(person, this.schedule.changes[index] ?? [])));
    await this.timeline.playToRest();
    this.world.hazards.isCalm = true;
    // One that finds what was missed, one that confirms it, and one for the files; and one that finds nothing to do.
    for (const afterMs of [this.schedule.lagMs, removalConfirmMs, removalConfirmMs, removalConfirmMs]) {
      this.meanwhile(this.timeline.turn(afterMs + 5000).then(() => this.sweep()));
      await this.timeline.playToRest();
    }
    const { tenant, rows, queue } = this;
    const problems = queue.isAtRest() ? queue.problems : [...queue.problems, 'Somebody is still at work.'];
    return { tenant, rows, problems, trace: () => this.world.hazards.trace() };
  }

  private meanwhile(doing: Promise<void>): void {
    doing.catch((error: unknown) => this.queue.problems.push(String(error)));
  }

  private async live(person: Person, changes: readonly Change[]): Promise<void> {
    for (const { afterMs, photo, doubles } of changes) {
      await this.timeline.turn(afterMs);
      const lagMs = this.schedule.lagMs && this.random.below(this.schedule.lagMs);
      this.tenant.changePhoto(person, photo, this.timeline.monotonicMs(), lagMs);
      this.world.hazards.note(
        `${person.name}'s photo is now`,
        this.tenant.photoOf(person.id)?.etag ?? 'removed',
      );
      const events = [{ afterMs: 0, cause: 'notification' as const }, ...doubles];
      for (const event of events) {
        this.meanwhile(this.timeline.turn(event.afterMs).then(() => this.sendEvent(person, event.cause)));
      }
    }
  }

  private sendEvent({ id, name }: Person, cause: 'notification' | 'sweep'): void {
    this.world.hazards.note(`a ${cause} comes about ${name}`);
    const event: PhotoEvent = { personId: id, cause, force: false, attempt: 0, correlationId: 'property' };
    const queue = cause === 'sweep' ? queueNames.photoChangedBacklog : queueNames.photoChanged;
    this.queue.send(queue, encodePhotoEvent(event), 0);
  }

  /** As the sweep does it: only who is due, is unfinished or differs becomes an event. */
  private async sweep(): Promise<void> {
    const table = createPersonTable(this.rows);
    for (const person of people) {
      const { row } = await table.read(person.id);
      const isDue = row !== undefined && row.nextLookAt !== '';
      const etag = this.tenant.photoOf(person.id)?.etag ?? '';
      const differs = row?.dirty === true || (row?.seenEtag ?? '') !== etag;
      // For everybody else the queue alone has to do.
      const isLeft = this.queue.poisoned.has(person.id) || this.world.leftToSweep.has(person.id);
      const isMissed = this.schedule.lagMs > 0 || isLeft;
      if (isDue || (isMissed && differs)) this.sendEvent(person, 'sweep');
    }
  }

  private handle(message: Message, worker: Worker): Promise<void> {
    const genuine = portsOf(this.world, worker);
    const { ports = (same) => same, delivery = (...same) => same } = this.tampering;
    const { queue, text, dequeueCount, insertedAt } = message;
    if (isPoison(queue)) {
      const poison = { queue, message: text, insertionTime: insertedAt.toISOString() };
      return recordPoison({ ...genuine, writes: true }, poison);
    }
    const from = { queue: queue as PhotoQueueName, dequeueCount, insertedAt };
    return applyPhoto(ports(genuine), ...delivery(decodePhotoEvent(text), from));
  }
}
