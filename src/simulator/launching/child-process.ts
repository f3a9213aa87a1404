import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './project-root';

export interface ChildEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildHandle {
  pid: number;
  hasEnded(): boolean;
  /** Resolves when the process is gone, whatever ended it. */
  ended: Promise<ChildEnd>;
  /** Asks it to end (SIGTERM) and waits; after 15 s it is killed. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL) and waits. */
  kill(): Promise<void>;
}

export interface ChildOptions<Ready> {
  /** What it is called in messages. */
  name: string;
  /** Path of the script, from the project's root. */
  script: string;
  args?: readonly string[];
  environment: Record<string, string | undefined>;
  /** What a line of its output tells about its readiness; undefined if nothing yet. */
  readReady(line: string): Ready | undefined;
  /** Each line of its output but the one that says it is ready. */
  onLine?(line: string): void;
  /** Each line of its standard error. */
  onErrorLine?(line: string): void;
}

const readyWithinMs = 60_000;
const stopWithinMs = 15_000;
const keptErrorLines = 40;

/**
 * Starts a Node process and waits until it says that it serves.
 * @throws Error with what the process said on standard error, if it ends before or does not become ready in a minute.
 */
export async function startChild<Ready>(
  options: ChildOptions<Ready>,
): Promise<{ child: ChildHandle; ready: Ready }> {
  const preload = join(projectRoot, 'dist/simulator/launching/end-with-parent.js');
  const child = spawn(
    process.execPath,
    ['--require', preload, join(projectRoot, options.script), ...(options.args ?? [])],
    {
      cwd: projectRoot,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C reaches a whole process group. In groups of their own the children end in the order we choose.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  const handle = handleOf(child);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error(`${options.name} has no output to read.`);
  const errorLines: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => {
    errorLines.push(line);
    if (errorLines.length > keptErrorLines) errorLines.shift();
    options.onErrorLine?.(line);
  });
  const failure = (what: string) => new Error(`${options.name} ${what}\n${errorLines.join('\n')}`.trimEnd());

  try {
    const ready = await new Promise<Ready>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(failure('was not ready within a minute.'));
      }, readyWithinMs);
      let found: Ready | undefined;
      createInterface({ input: stdout }).on('line', (line) => {
        const readiness = found === undefined ? options.readReady(line) : undefined;
        if (readiness === undefined) {
          options.onLine?.(line);
          return;
        }
        found = readiness;
        clearTimeout(timer);
        resolve(found);
      });
      child.once('error', reject);
      // `close`, not `exit`: by then all it said has been read.
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        reject(failure(`ended before it was ready (${signal ?? `exit code ${String(code)}`}).`));
      });
    });
    return { child: handle, ready };
  } catch (error) {
    await handle.kill();
    throw error;
  }
}

function handleOf(child: ChildProcess): ChildHandle {
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
    child.once('error', () => {
      resolve({ code: null, signal: null });
    });
  });
  const end = async (signal: NodeJS.Signals) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    child.kill(signal);
    await ended;
    clearTimeout(timer);
  };
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return { pid: child.pid ?? 0, hasEnded, ended, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** Reads a ready line: `{"ready": "<name>", …}`. */
export function readReadyLine(line: string, name: string): object | undefined {
  try {
    const parsed = JSON.parse(line) as { ready?: unknown } | null;
    return parsed?.ready === name ? parsed : undefined;
  } catch {
    return undefined;
  }
}
