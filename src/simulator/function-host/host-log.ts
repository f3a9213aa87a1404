import { format } from 'node:util';
import type { LogLevel } from './core-contract';

/** One record on the host's standard output. The app's own structured lines are JSON in `message`. */
export interface HostLogLine {
  /** ISO 8601, UTC. */
  time: string;
  level: 'information' | 'warning' | 'error' | 'debug' | 'trace';
  /** Empty for what belongs to no function: the host itself, and whatever the app prints by `console`. */
  function: string;
  invocationId: string;
  message: string;
}

export type HostLog = (
  level: LogLevel,
  message: string,
  about?: { function?: string; invocationId?: string },
) => void;

/** Writes each record at once, not batched: a host that is killed has still said what it did. */
export function createHostLog(write: (line: string) => void): HostLog {
  return (level, message, about = {}) => {
    if (level === 'none') return;
    const line: HostLogLine = {
      time: new Date().toISOString(),
      level: level === 'critical' ? 'error' : level,
      function: about.function ?? '',
      invocationId: about.invocationId ?? '',
      message,
    };
    write(`${JSON.stringify(line)}\n`);
  };
}

const consoleLevels = {
  log: 'information',
  info: 'information',
  warn: 'warning',
  error: 'error',
  debug: 'debug',
  trace: 'trace',
} as const;

/** What the app prints by `console` becomes records too; the worker hands it to its host in the same way. */
export function captureConsole(log: HostLog): void {
  for (const [method, level] of Object.entries(consoleLevels)) {
    console[method as keyof typeof consoleLevels] = (...args: unknown[]) => {
      log(level, format(...args));
    };
  }
}
