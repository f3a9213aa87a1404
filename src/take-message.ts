import { LaterMessage } from './errors';
import type { Log } from './log';

const putBackSeconds = 300;

/**
 * Reads a message. One of a version that only a later app understands goes back to its queue, where it waits for that
 * app: it is not lost, and costs none of the queue's tries.
 * @param deps.queue of Storage; the copy is sent before the original ends.
 * @param name of the queue that it came from.
 * @returns undefined if it went back.
 * @throws InvalidMessage, and ServiceFailure of the queue.
 */
export async function takeMessage<T>(
  deps: {
    queue: { sendBack(queue: string, body: unknown, delaySeconds: number): Promise<void> };
    log: Log;
  },
  name: string,
  body: unknown,
  decode: (body: unknown) => T,
): Promise<T | undefined> {
  try {
    return decode(body);
  } catch (error) {
    if (!(error instanceof LaterMessage)) throw error;
    await deps.queue.sendBack(name, body, putBackSeconds);
    const { message: reason, version } = error;
    deps.log.error('message-of-later-version', {
      queue: name,
      version,
      reason,
      delaySeconds: putBackSeconds,
    });
    return undefined;
  }
}
