import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';

export interface Invisibility {
  /** Ends the renewal. @returns the receipt that is valid now. */
  end(): Promise<string>;
}

/**
 * Keeps a message that is being worked on from others: its invisibility is renewed at half time, as long as it takes.
 * If a renewal fails, somebody else has the message by now or Storage is down; either way the work goes on, and what
 * is done with the message afterwards fails by its receipt.
 */
export function keepInvisible(
  queue: QueueClient,
  message: DequeuedMessageItem,
  seconds: number,
  onFailure: (error: unknown) => void,
): Invisibility {
  let receipt = message.popReceipt;
  let renewal = Promise.resolve();
  const renew = async () => {
    try {
      const updated = await queue.updateMessage(message.messageId, receipt, undefined, seconds);
      receipt = updated.popReceipt ?? receipt;
    } catch (error) {
      onFailure(error);
    }
  };
  const timer = setInterval(
    () => {
      renewal = renewal.then(renew);
    },
    (seconds * 1000) / 2,
  );
  return {
    end: async () => {
      clearInterval(timer);
      await renewal;
      return receipt;
    },
  };
}
