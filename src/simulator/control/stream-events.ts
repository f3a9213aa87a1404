import type { ServerResponse } from 'node:http';
import type { EventStream, TenantEvent } from '../event-stream';

const HEARTBEAT_MS = 15_000;

/** A reader that falls so far behind is cut off; it reconnects from where it was. */
const MOST_BEHIND_BYTES = 8 * 1_024 * 1_024;

/** Server-Sent Events: first what happened since `n`, then what happens. */
export function streamEvents(events: EventStream, since: number, response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  const write = (event: TenantEvent) => {
    response.write(`id: ${String(event.n)}\ndata: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > MOST_BEHIND_BYTES) response.destroy();
  };
  // A reader that knows more than there is has seen an earlier run.
  for (const event of events.since(since > events.latest ? 0 : since)) write(event);
  response.write(': connected\n\n');
  const stop = events.follow(write);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  response.on('close', () => {
    stop();
    clearInterval(heartbeat);
  });
}
