import type { HostLogLine } from '../function-host/host-log';
import { readReadyLine, startChild, type ChildHandle } from './child-process';
import { packageFolder } from './project-root';

export interface HostHandle extends ChildHandle {
  url: string;
  /** Names of the functions that run; those in error or disabled are not among them. */
  functions: string[];
  /** What it has logged so far, unless `keepLogs` is false. */
  logs: HostLogLine[];
}

export interface HostOptions {
  port: number;
  /** The app settings, and whatever else its process needs. */
  environment: Record<string, string | undefined>;
  onLog?: ((line: HostLogLine) => void) | undefined;
  onErrorLine?: ((line: string) => void) | undefined;
  keepLogs?: boolean | undefined;
  /** Folder of the app; what is deployed if not given. */
  folder?: string | undefined;
}

interface HostReady {
  url: string;
  functions: string[];
}

/** Starts the local function host in a process of its own. */
export async function startHostProcess(options: HostOptions): Promise<HostHandle> {
  const logs: HostLogLine[] = [];
  const { child, ready } = await startChild<HostReady>({
    name: 'The function host',
    script: 'dist/simulator/function-host/main.js',
    args: [options.folder ?? packageFolder],
    environment: { ...options.environment, FUNCTIONS_PORT: String(options.port) },
    readReady: (line) => readReadyLine(line, 'function-host') as HostReady | undefined,
    onLine: (text) => {
      const line = parseLogLine(text);
      if (options.keepLogs !== false) logs.push(line);
      options.onLog?.(line);
    },
    ...(options.onErrorLine && { onErrorLine: options.onErrorLine }),
  });
  return { ...child, url: ready.url, functions: ready.functions, logs };
}

/** The app may write to standard output by itself; what it writes there is passed on as it is. */
function parseLogLine(text: string): HostLogLine {
  try {
    const parsed = JSON.parse(text) as Partial<HostLogLine> | null;
    if (typeof parsed?.message === 'string' && typeof parsed.level === 'string') return parsed as HostLogLine;
  } catch {
    // Not JSON.
  }
  return {
    time: new Date().toISOString(),
    level: 'information',
    function: '',
    invocationId: '',
    message: text,
  };
}
