import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { encodePhotoEvent, type PhotoEvent } from '../photos/photo-event';
import type { PhotoQueueName, QueueName } from './names';
import { createdWhenMissing, storageFailure } from './storage-failure';

const never = -1;

export interface EventQueue {
  /**
   * Queues one event. It never expires: the default of 7 days would lose events of an app that was stopped for longer.
   * @param delaySeconds when it becomes visible; 7 days at most.
   * @throws ServiceFailure
   */
  send(
    queue: PhotoQueueName,
    event: PhotoEvent,
    options?: { delaySeconds?: number; signal?: AbortSignal },
  ): Promise<void>;
  /** Queues a message of another kind, as JSON, on the same terms. @throws ServiceFailure */
  sendMessage(
    queue: QueueName,
    message: object,
    options?: { delaySeconds?: number; signal?: AbortSignal },
  ): Promise<void>;
  /** Whether a message waits to be received. Those that are delayed or at work don't count. @throws ServiceFailure */
  hasWaiting(queue: QueueName): Promise<boolean>;
  /** Puts a message back as it is, for a queue whose handler could not do its part. */
  sendBack(queue: string, body: unknown, delaySeconds: number): Promise<void>;
}

export function createEventQueue(service: QueueServiceClient): EventQueue {
  // Making a client takes the SDK a good part of the time of a send, and a burst would pay it for each message.
  const clients = new Map<string, QueueClient>();
  const clientOf = (queue: string): QueueClient => {
    const client = clients.get(queue) ?? service.getQueueClient(queue);
    clients.set(queue, client);
    return client;
  };
  const sendText = async (queue: string, text: string, delaySeconds: number, signal?: AbortSignal) => {
    const client = clientOf(queue);
    // The trigger expects base64 (host.json, messageEncoding), and the SDK does not encode by itself.
    const body = Buffer.from(text, 'utf8').toString('base64');
    const options = {
      messageTimeToLive: never,
      visibilityTimeout: Math.round(delaySeconds),
      ...(signal && { abortSignal: signal }),
    };
    try {
      await createdWhenMissing(
        () => client.createIfNotExists(signal && { abortSignal: signal }),
        () => client.sendMessage(body, options),
      );
    } catch (error) {
      throw storageFailure(`sending to the queue ${queue}`, error);
    }
  };
  return {
    send: (queue, event, options = {}) =>
      sendText(queue, encodePhotoEvent(event), options.delaySeconds ?? 0, options.signal),
    sendMessage: (queue, message, options = {}) =>
      sendText(queue, JSON.stringify(message), options.delaySeconds ?? 0, options.signal),
    async hasWaiting(queue) {
      const client = clientOf(queue);
      try {
        const { peekedMessageItems } = await createdWhenMissing(
          () => client.createIfNotExists(),
          () => client.peekMessages({ numberOfMessages: 1 }),
        );
        return peekedMessageItems.length > 0;
      } catch (error) {
        throw storageFailure(`looking into the queue ${queue}`, error);
      }
    },
    sendBack: (queue, body, delaySeconds) =>
      sendText(queue, typeof body === 'string' ? body : JSON.stringify(body), delaySeconds),
  };
}
