import { createLog, type Log } from '../../src/log';

export interface LoggedLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  event: string;
  [field: string]: unknown;
}

/** The app's own log, kept instead of printed. */
export interface RecordedLog {
  log: Log;
  lines: LoggedLine[];
  /** Each line as it would be printed. */
  text: string[];
}

export function recordedLog(): RecordedLog {
  const lines: LoggedLine[] = [];
  const text: string[] = [];
  const keep = (level: LoggedLine['level']) => (line: string) => {
    text.push(line);
    lines.push({ ...(JSON.parse(line) as { event: string }), level });
  };
  const log = createLog({
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  });
  return { log, lines, text };
}
