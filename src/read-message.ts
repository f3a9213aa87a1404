import * as z from 'zod';
import { InvalidMessage, LaterMessage } from './errors';

/**
 * The version in which this app writes its messages, `{ "version": 1, "<key>": { … } }`. The payload lies under one key,
 * because the Functions host lets top-level names of a JSON message overwrite the trigger's metadata (dequeueCount,
 * insertionTime).
 */
export const messageVersion = 1;

/**
 * Reads a message of one's own version, every field of it known. Of the next version, which is in the queues after the
 * app went back to this one, it takes the fields it knows.
 * @param payload a strict object.
 * @param body what the trigger hands over: the host has parsed the JSON already.
 * @param what it should be, for the message of the error.
 * @throws InvalidMessage
 * @throws LaterMessage for one that a later app understands.
 */
export function readMessage<P extends z.ZodRawShape>(
  key: string,
  payload: z.ZodObject<P>,
  body: unknown,
  what: string,
): z.infer<z.ZodObject<P>> {
  const message = typeof body === 'string' ? parseJson(body) : body;
  const later = z.object({ version: z.int().gt(messageVersion) }).safeParse(message).data;
  if (later) {
    const next = z.strictObject({ version: z.literal(messageVersion + 1), [key]: payload.strip() });
    const read = next.safeParse(message);
    if (!read.success) throw new LaterMessage(later.version, what);
    return read.data[key] as z.infer<z.ZodObject<P>>;
  }
  const read = z.strictObject({ version: z.literal(messageVersion), [key]: payload }).safeParse(message);
  if (!read.success) {
    const names = new Set(['version', key, ...Object.keys(payload.shape)]);
    throw new InvalidMessage(read.error.issues.map((issue) => describe(issue, names)).join('; '), what);
  }
  return read.data[key] as z.infer<z.ZodObject<P>>;
}

/** What is wrong, without a word of the message itself: whoever can write to the queue would write into the log. */
function describe({ code, path }: z.core.$ZodIssue, names: ReadonlySet<PropertyKey>): string {
  const known = path.filter((name) => names.has(name)).map(String);
  return `${known.join('.') || 'the message'}: ${code.replaceAll('_', ' ')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
