import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { HostLog } from './host-log';
import type { QueueSettings } from './host-settings';
import { keepInvisible } from './keep-invisible';
import { decodeMessage } from './queue-message';

export interface MessagePorts {
  functionName: string;
  queue: QueueClient;
  /** Undefined where `queue` is itself one. */
  poison: QueueClient | undefined;
  settings: QueueSettings;
  /** Runs the function. @throws what it threw, after logging it. */
  run(text: string, message: DequeuedMessageItem): Promise<void>;
  log: HostLog;
}

/** What a message copied to a poison queue lives for: the service's default, and the real host sets no other. */
const poisonSeconds = 7 * 24 * 60 * 60;

/**
 * One message from receipt to its end: deleted, made visible again later, or moved to the poison queue.
 * https://github.com/Azure/azure-sdk-for-net, Microsoft.Azure.WebJobs.Extensions.Storage.Queues, QueueProcessor.cs
 * @throws Storage's error where the end could not be written; the message then comes back by itself.
 */
export async function processMessage(ports: MessagePorts, message: DequeuedMessageItem): Promise<void> {
  const { queue, poison, settings, log, functionName } = ports;
  const about = { function: functionName };

  // It was tried often enough and its host died each time: it goes without being run again. A message in a poison
  // queue has nowhere to go, so it is left invisible.
  if (message.dequeueCount > settings.maxDequeueCount) {
    if (poison) await moveToPoison(ports, poison, message, message.popReceipt);
    return;
  }

  const invisible = keepInvisible(queue, message, settings.receiveVisibilitySeconds, (error) => {
    log('warning', `Message ${message.messageId} could not be kept invisible: ${String(error)}`, about);
  });
  let succeeded = false;
  try {
    await ports.run(textOf(ports, message), message);
    succeeded = true;
  } catch {
    // Logged by whoever threw.
  }
  const receipt = await invisible.end();

  if (succeeded) {
    await unlessGone(() => queue.deleteMessage(message.messageId, receipt));
  } else if (poison && message.dequeueCount >= settings.maxDequeueCount) {
    await moveToPoison(ports, poison, message, receipt);
  } else if (poison) {
    await unlessGone(() =>
      queue.updateMessage(message.messageId, receipt, undefined, settings.failedVisibilitySeconds),
    );
  }
  // Without a poison queue a failed message stays invisible for as long as it is, which prevents a fast endless loop.
}

function textOf({ settings, log, functionName }: MessagePorts, message: DequeuedMessageItem): string {
  try {
    return decodeMessage(message.messageText, settings.messageEncoding);
  } catch (error) {
    log('error', `Executed 'Functions.${functionName}' (Failed before it ran): ${(error as Error).message}`, {
      function: functionName,
    });
    throw error;
  }
}

async function moveToPoison(
  { queue, settings, log, functionName }: MessagePorts,
  poison: QueueClient,
  message: DequeuedMessageItem,
  receipt: string,
): Promise<void> {
  log(
    'warning',
    `Message has reached MaxDequeueCount of ${String(settings.maxDequeueCount)}. Moving message to queue '${poison.name}'.`,
    { function: functionName },
  );
  const add = () => poison.sendMessage(message.messageText, { messageTimeToLive: poisonSeconds });
  try {
    await add();
  } catch (error) {
    if (codeOf(error) !== 'QueueNotFound') throw error;
    await poison.createIfNotExists();
    await add();
  }
  await unlessGone(() => queue.deleteMessage(message.messageId, receipt));
}

/** Somebody else has taken the message over, or it is gone: nothing is left to do here. */
async function unlessGone(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'MessageNotFound' && code !== 'PopReceiptMismatch' && code !== 'QueueNotFound') throw error;
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
