import type { HostLogLine } from '../../src/simulator/local-tenant';
import { eventually } from './eventually';

/** One of the app's structured lines, with what the host adds. */
export interface AppLine {
  event: string;
  level: string;
  function: string;
  time: string;
  [field: string]: unknown;
}

type Where = Record<string, unknown>;

/** Collects what every host of a journey logs, and searches the app's own lines in it. */
export class AppLog {
  /** Everything that was said, for tests of what must never be. */
  readonly everything: HostLogLine[] = [];
  private readonly lines: AppLine[] = [];

  readonly take = (line: HostLogLine): void => {
    this.everything.push(line);
    const fields = parse(line.message);
    if (fields) this.lines.push({ ...fields, level: line.level, function: line.function, time: line.time });
  };

  /** Where the log ends now, for `since`. */
  mark(): number {
    return this.lines.length;
  }

  /** Lines of this event whose fields have these values. */
  all(event: string, where: Where = {}, since = 0): AppLine[] {
    return this.lines
      .slice(since)
      .filter(
        (line) => line.event === event && Object.entries(where).every(([name, is]) => line[name] === is),
      );
  }

  /** The first line of any kind, the host's own among them, that fits. */
  saidByHost(pattern: RegExp): HostLogLine | undefined {
    return this.everything.find(({ message }) => pattern.test(message));
  }

  /** The first such line, waited for. */
  async next(event: string, where: Where = {}, since = 0): Promise<AppLine> {
    return eventually(
      `the app logs ${event} with ${JSON.stringify(where)}`,
      () => this.all(event, where, since)[0],
    );
  }
}

function parse(message: string): { event: string } | undefined {
  if (!message.startsWith('{"event":')) return undefined;
  return JSON.parse(message) as { event: string };
}
