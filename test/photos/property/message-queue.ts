import { ServiceFailure } from '../../../src/errors';
import { decodePhotoEvent } from '../../../src/photos/photo-event';
import { poisonQueueOf } from '../../../src/storage/names';
import { Refused, type Hazards, type Worker } from './hazards';
import type { Timeline } from './timeline';

export interface Message {
  queue: string;
  text: string;
  dequeueCount: number;
  insertedAt: Date;
}

const triesBeforePoison = 5;
const visibilityMs = 60_000;

export const isPoison = (queue: string) => queue.endsWith('-poison');

/** The queues and the host that hands out their messages: in any order, again after a death, to poison after five tries. */
export class MessageQueue {
  /** About whom an event was given up. */
  readonly poisoned = new Set<string>();
  /** What went wrong though it must not. */
  readonly problems: string[] = [];
  private waiting: Message[] = [];
  private atWork = 0;
  private workers = 0;

  constructor(
    private readonly timeline: Timeline,
    private readonly hazards: Hazards,
    private readonly most: number,
    private readonly handle: (message: Message, worker: Worker) => Promise<void>,
  ) {}

  isAtRest(): boolean {
    return this.atWork === 0 && this.waiting.length === 0;
  }

  send(queue: string, text: string, delayMs: number): void {
    const insertedAt = this.timeline.serverTime();
    this.showLater({ queue, text, dequeueCount: 0, insertedAt }, delayMs);
  }

  private showLater(message: Message, delayMs: number): void {
    this.timeline
      .turn(delayMs)
      .then(() => this.take(message))
      .catch((error: unknown) => this.problems.push(String(error)));
  }

  private async take(message: Message): Promise<void> {
    if (this.atWork >= this.most) this.waiting.push(message);
    else if (message.dequeueCount >= triesBeforePoison) this.giveUp(message);
    else await this.work({ ...message, dequeueCount: message.dequeueCount + 1 });
  }

  private async work(message: Message): Promise<void> {
    const worker = this.newWorker(message);
    this.hazards.note(worker.name, 'takes', message.text, 'delivery', message.dequeueCount);
    this.atWork += 1;
    try {
      await this.handle(message, worker);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof ServiceFailure)) throw error;
      this.hazards.note(worker.name, 'gives up', error.message);
      if (!worker.isTakenForDead) this.giveBack(message);
    }
    this.leave(worker);
  }

  private newWorker(message: Message): Worker {
    const worker: Worker = {
      name: `worker ${String(++this.workers)}`,
      isGone: false,
      isTakenForDead: false,
      isLastHope: isPoison(message.queue) && message.dequeueCount === triesBeforePoison,
      die: () => {
        this.giveBack(message);
        this.leave(worker);
      },
      takeForDead: () => {
        worker.isTakenForDead = true;
        this.giveBack(message);
      },
    };
    return worker;
  }

  private leave(worker: Worker): void {
    worker.isGone = true;
    this.atWork -= 1;
    const waiting = this.waiting;
    this.waiting = [];
    for (const message of waiting) this.showLater(message, 0);
  }

  private giveBack(message: Message): void {
    this.showLater(message, visibilityMs);
  }

  private giveUp({ queue, text }: Message): void {
    this.poisoned.add(decodePhotoEvent(text).personId);
    this.send(poisonQueueOf(queue), text, 0);
  }
}
