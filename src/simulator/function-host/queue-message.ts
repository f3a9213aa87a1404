import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { RpcTypedData } from './core-contract';

/**
 * @returns the text a function gets.
 * @throws Error for a body that is not base64, or not UTF-8 inside.
 */
export function decodeMessage(body: string, encoding: 'base64' | 'none'): string {
  if (encoding === 'none') return body;
  const compact = body.replace(/\s/g, '');
  // Buffer.from skips what is not base64, and so would run a function on garbage.
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new Error('The message is not base64, as host.json (messageEncoding) says it must be.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(compact, 'base64'));
  } catch {
    throw new Error('The message is base64, but not UTF-8 inside.');
  }
}

type MessageFacts = Pick<
  DequeuedMessageItem,
  'messageId' | 'dequeueCount' | 'insertedOn' | 'expiresOn' | 'nextVisibleOn' | 'popReceipt'
>;

/**
 * A queue trigger's metadata. Every top-level property of a message that is a JSON object is laid over it, without
 * regard to case, so that a body can shadow `dequeueCount` and its like: the real host does the same.
 * https://github.com/Azure/azure-functions-host, Utility.cs, ApplyBindingData
 */
export function toTriggerMetadata(text: string, message?: MessageFacts): Record<string, RpcTypedData> {
  const metadata: Record<string, RpcTypedData> = { QueueTrigger: { string: text } };
  if (message) {
    Object.assign(metadata, {
      DequeueCount: { json: String(message.dequeueCount) },
      ExpirationTime: time(message.expiresOn),
      Id: { string: message.messageId },
      InsertionTime: time(message.insertedOn),
      NextVisibleTime: time(message.nextVisibleOn),
      PopReceipt: { string: message.popReceipt },
    });
  }
  for (const [name, value] of topLevelProperties(text)) {
    const existing = Object.keys(metadata).find((key) => key.toLowerCase() === name.toLowerCase());
    metadata[existing ?? name] = value;
  }
  return metadata;
}

/** `2026-11-24T03:48:00+00:00`, as a JSON string. */
function time(date: Date): RpcTypedData {
  return { json: JSON.stringify(date.toISOString().replace(/\.\d+Z$/, '+00:00')) };
}

function* topLevelProperties(text: string): Generator<[string, RpcTypedData]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return;
  for (const [name, value] of Object.entries(parsed)) {
    if (value === null || Array.isArray(value)) continue;
    yield [name, typeof value === 'object' ? { json: JSON.stringify(value) } : { string: dotNetText(value) }];
  }
}

/** How .NET writes a scalar: the worker then reads `99` as a number again, but `True` as text. */
function dotNetText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
