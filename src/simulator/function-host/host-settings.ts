import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** `hh:mm:ss`, `d.hh:mm:ss`, either with a fraction of a second. */
const timeSpan = z
  .string()
  .regex(/^(\d+\.)?\d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,7})?$/, 'is not a time like 00:01:00')
  .transform((text) => {
    const [, days = '0', hours = '0', minutes = '0', seconds = '0'] =
      /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  });

/** Defaults and limits: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#hostjson-settings */
const queuesSchema = z.object({
  maxPollingInterval: timeSpan.default(60_000).pipe(z.number().min(100)),
  /** How long a message that failed stays invisible. */
  visibilityTimeout: timeSpan.default(0),
  batchSize: z.int().min(1).max(32).default(16),
  newBatchThreshold: z.int().min(0).optional(),
  maxDequeueCount: z.int().min(1).default(5),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

const hostJsonSchema = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      queues: queuesSchema.default(queuesSchema.parse({})),
      http: z.object({ routePrefix: z.string().default('api') }).default({ routePrefix: 'api' }),
    })
    .prefault({}),
});

export interface QueueSettings {
  maxPollingIntervalMs: number;
  failedVisibilitySeconds: number;
  batchSize: number;
  newBatchThreshold: number;
  maxDequeueCount: number;
  messageEncoding: 'base64' | 'none';
  /** For how long a received message is invisible to others; renewed at half time. */
  receiveVisibilitySeconds: number;
}

export interface HostSettings {
  routePrefix: string;
  queues: QueueSettings;
}

/** The real host's, not a setting of it: https://github.com/Azure/azure-sdk-for-net, QueueListener.cs. */
const receiveVisibilitySeconds = 600;

/**
 * Waits that this host, unlike the real one, lets be shortened by its environment, so that a test need not last as long:
 * `LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS`, 1 or more: after it, the message of a host that died comes again.
 * `LOCAL_HOST_RETRY_VISIBILITY_SECONDS`, 0 or more: takes the place of host.json's `visibilityTimeout`.
 */
function shortenedWait(
  environment: Record<string, string | undefined>,
  which: 'RECEIVE' | 'RETRY',
  usual: number,
  minimum: number,
): number {
  const name = `LOCAL_HOST_${which}_VISIBILITY_SECONDS`;
  const seconds = Number(environment[name] || usual);
  if (!(seconds >= minimum)) throw new Error(`${name} must be ${String(minimum)} or more.`);
  return Math.round(seconds);
}

/**
 * The part of host.json that this host serves; the rest is not read.
 * @throws Error that names everything that is wrong.
 */
export async function readHostSettings(
  folder: string,
  environment: Record<string, string | undefined>,
): Promise<HostSettings> {
  const path = join(folder, 'host.json');
  const parsed = hostJsonSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} can't be used:\n${z.prettifyError(parsed.error)}`);
  const { queues, http } = parsed.data.extensions;
  return {
    routePrefix: http.routePrefix,
    queues: {
      maxPollingIntervalMs: queues.maxPollingInterval,
      failedVisibilitySeconds: shortenedWait(environment, 'RETRY', queues.visibilityTimeout / 1000, 0),
      batchSize: queues.batchSize,
      newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2),
      maxDequeueCount: queues.maxDequeueCount,
      messageEncoding: queues.messageEncoding,
      receiveVisibilitySeconds: shortenedWait(environment, 'RECEIVE', receiveVisibilitySeconds, 1),
    },
  };
}
