import { setTimeout as delay } from 'node:timers/promises';
import type { DequeuedMessageItem } from '@azure/storage-queue';
import { createPollingInterval } from './polling-interval';
import { codeOf, processMessage, type MessagePorts } from './process-message';

export interface QueueListener {
  /** Receives no more, and resolves when the messages in hand have come to their end. */
  stop: () => Promise<void>;
}

/**
 * Polls one queue for one function. Each listener has the batch size of host.json for itself; the next batch is
 * fetched when no more than `newBatchThreshold` messages are still being worked on.
 * A queue that does not exist counts as empty. While Storage can't be reached it goes on trying.
 */
export function startQueueListener(ports: MessagePorts): QueueListener {
  const { queue, settings, log, functionName } = ports;
  const about = { function: functionName };
  const stopping = new AbortController();
  const interval = createPollingInterval(settings.maxPollingIntervalMs);
  const inHand = new Set<Promise<void>>();
  let storageDown = false;

  const receive = async (): Promise<DequeuedMessageItem[]> => {
    try {
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: settings.batchSize,
        visibilityTimeout: settings.receiveVisibilitySeconds,
      });
      if (storageDown) log('information', `The queue ${queue.name} can be reached again.`, about);
      storageDown = false;
      return receivedMessageItems;
    } catch (error) {
      if (codeOf(error) === 'QueueNotFound') return [];
      if (!storageDown) {
        log('warning', `The queue ${queue.name} can't be read, and is tried again: ${String(error)}`, about);
      }
      storageDown = true;
      return [];
    }
  };

  const take = (message: DequeuedMessageItem) => {
    const work = processMessage(ports, message)
      .catch((error: unknown) => {
        log(
          'error',
          `Message ${message.messageId} could not be completed and will come again: ${String(error)}`,
          about,
        );
      })
      .finally(() => inHand.delete(work));
    inHand.add(work);
  };

  const poll = async () => {
    let foundSinceWait = false;
    while (!stopping.signal.aborted) {
      const messages = await receive();
      messages.forEach(take);
      if (messages.length > 0) {
        foundSinceWait = true;
        while (inHand.size > settings.newBatchThreshold) await Promise.race(inHand);
      } else {
        const wait = interval.next(foundSinceWait);
        foundSinceWait = false;
        await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    await Promise.all(inHand);
  };

  const polling = poll();
  return {
    stop: () => {
      stopping.abort();
      return polling;
    },
  };
}
