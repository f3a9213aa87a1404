import { refuse, type HttpAnswer } from './handshake';
import { notificationCollection } from './notification-schema';

/** A thousand notifications are about 600 KB. */
const maximumBytes = 1024 * 1024;

/** The parts of the request that judging its form needs. */
export interface NotificationRequest {
  header(name: string): string | null;
  body(): Promise<Uint8Array>;
}

/** @returns the items of the notification, unjudged, or the refusal of a request that is none. */
export async function parseNotifications(request: NotificationRequest): Promise<unknown[] | HttpAnswer> {
  const type = (request.header('content-type') ?? '').toLowerCase();
  const isJson = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/.test(type.trim());
  if (!isJson) return refuse(415, 'Content-Type must be application/json in UTF-8.');
  const encoding = (request.header('content-encoding') ?? 'identity').toLowerCase();
  if (encoding !== 'identity') return refuse(415, 'Content-Encoding is not supported.');
  if (Number(request.header('content-length') ?? 0) > maximumBytes) return tooLarge;

  const bytes = await request.body();
  if (bytes.byteLength > maximumBytes) return tooLarge;
  const parsed = notificationCollection.safeParse(parseUtf8Json(bytes));
  return parsed.success
    ? parsed.data.value
    : refuse(400, 'The body must be JSON of the form {"value": [...]}, with 1000 items at most.');
}

const tooLarge = refuse(413, 'The body is larger than 1 MiB.');

/** A byte order mark is no JSON, and bytes that are not UTF-8 are not patched up. */
function parseUtf8Json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
