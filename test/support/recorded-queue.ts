import type { PhotoEvent } from '../../src/photos/photo-event';
import type { EventQueue } from '../../src/storage/event-queue';

export interface SentEvent {
  queue: string;
  event: PhotoEvent;
  delaySeconds: number;
}

/** A queue that keeps what it is given. */
export interface RecordedQueue extends EventQueue {
  sent: SentEvent[];
  messages: { queue: string; message: object; delaySeconds: number }[];
  sentBack: { queue: string; body: unknown; delaySeconds: number }[];
  /** Throws or waits in the place of the queue: runs before each send, which is counted from 1. */
  before: (count: number, signal: AbortSignal | undefined) => void | Promise<void>;
}

export function recordedQueue(): RecordedQueue {
  let count = 0;
  const queue: RecordedQueue = {
    sent: [],
    messages: [],
    sentBack: [],
    before: () => undefined,
    async send(name, event, { delaySeconds = 0, signal } = {}) {
      await queue.before(++count, signal);
      queue.sent.push({ queue: name, event, delaySeconds });
    },
    async sendMessage(name, message, { delaySeconds = 0, signal } = {}) {
      await queue.before(++count, signal);
      queue.messages.push({ queue: name, message, delaySeconds });
    },
    async hasWaiting(name) {
      return queue.sent.some((sent) => sent.queue === name && sent.delaySeconds === 0);
    },
    async sendBack(name, body, delaySeconds) {
      await queue.before(++count, undefined);
      queue.sentBack.push({ queue: name, body, delaySeconds });
    },
  };
  return queue;
}
