import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Books } from './books';
import type { GrantedRoles } from './identity';
import { StartProblem } from './start-problem';
import type { GraphSubscription } from './notifying/subscription-book';

const FILE = 'books.json';
const VERSION = 1;
const SAVE_AFTER_MS = 500;

/** The tenant stands still while its state is put into words: of a large one for seconds, so at most this part of the time. */
const SAVING_SHARE = 0.05;

/** What outlives a run, changed in place by its owners. Requests, events and faults don't. */
export interface TenantState {
  books: Books;
  subscriptions: Map<string, GraphSubscription>;
  roles: GrantedRoles;
  clock: { offsetMs: number };
}

/** JSON has no maps: they travel as `{map: [[key, value], …]}`. */
function toText(state: TenantState): string {
  const replace = (_: string, value: unknown) =>
    value instanceof Map ? { map: [...(value as Map<string, unknown>)] } : value;
  return JSON.stringify({ version: VERSION, ...state }, replace);
}

function fromText(text: string): TenantState {
  const revive = (_: string, value: unknown) => {
    const { map } = (value ?? {}) as { map?: unknown };
    return Array.isArray(map) ? new Map(map as [string, unknown][]) : value;
  };
  const { version, ...state } = JSON.parse(text, revive) as TenantState & { version: number };
  if (version !== VERSION) throw new Error(`It has version ${String(version)}, not ${String(VERSION)}.`);
  return state;
}

/** The state an earlier run left, or undefined when there was none. */
export async function loadState(dataDir: string): Promise<TenantState | undefined> {
  const file = join(dataDir, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return fromText(text);
  } catch (error) {
    throw new StartProblem(`${file} can't be read. Delete that folder, or start with --reset.`, {
      cause: error,
    });
  }
}

/** Saves soon after a change, once for all that changed meanwhile, and never half a file. */
export class StateKeeper {
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private lastTookMs = 0;

  constructor(
    private readonly dataDir: string,
    private readonly state: TenantState,
  ) {}

  readonly changed = (): void => {
    this.timer ??= setTimeout(
      () => {
        void this.save();
      },
      Math.max(SAVE_AFTER_MS, this.lastTookMs / SAVING_SHARE),
    );
  };

  save(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.saving = this.saving.then(async () => {
      const file = join(this.dataDir, FILE);
      const startedAt = performance.now();
      const text = toText(this.state);
      this.lastTookMs = performance.now() - startedAt;
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    });
    return this.saving;
  }
}
