import { z } from 'zod';
import type { EventStream } from '../event-stream';
import { jsonBody, type ControlRoute } from './control-route';

const MOST_LINES = 10_000;

const linesSchema = z.object({
  lines: z
    .array(
      z.looseObject({
        level: z.string(),
        message: z.string(),
        function: z.string().nullish(),
      }),
    )
    .max(MOST_LINES),
});

function parsedLine(message: string): Record<string, unknown> {
  try {
    const line = JSON.parse(message) as unknown;
    if (typeof line === 'object' && line !== null && !Array.isArray(line))
      return line as Record<string, unknown>;
  } catch {
    // Not one of the app's structured lines.
  }
  return { message };
}

/** The function host's log, as the launcher feeds it: the app's words become events. */
export class AppLog {
  private heard = false;

  constructor(private readonly events: EventStream) {}

  readonly connected = (): boolean => this.heard;

  routes(): ControlRoute[] {
    return [
      {
        method: 'POST',
        path: /^app-log$/,
        run: (request) => {
          const { lines } = jsonBody(request, linesSchema);
          this.heard = true;
          for (const { level, message, function: name } of lines) {
            this.events.emit('app', { level, function: name ?? null, line: parsedLine(message) });
          }
          return { json: { taken: lines.length } };
        },
      },
    ];
  }
}
