/** What may go wrong in a schedule. Probabilities are per occasion. */
export interface Mix {
  workers: number;
  /** A notification is delivered once more, now or later. */
  duplicates: number;
  /** A change raises no notification at all. */
  lost: number;
  /** A worker dies at a step, and its message comes back. */
  crash: number;
  /** Deaths in one schedule at most. */
  crashes: number;
  /** A request to Graph or SharePoint fails, half of those to SharePoint after the work was done. */
  failure: number;
  /** The answer to a write of a row is lost; the repeated write then seems to have been beaten by somebody else. */
  lostAnswer: number;
  /** A message comes back although its worker is alive and goes on. */
  slow: number;
  /** How often that happens in one schedule at most. */
  slowWorkers: number;
  /** Notifications within so many seconds of a look share the next one. */
  coalesceSeconds: number;
  /** For up to so many milliseconds after a change, some of Graph's servers have the old photo still. */
  lagMs: number;
  /** The bytes may come from an older photo than the etag that was read before them. */
  staleBytes: boolean;
  /** Storage's servers are wrong about the time by up to so many milliseconds either way. */
  skewMs: number;
  /** A sweep runs meanwhile, and again when all else has come to rest. */
  sweep: boolean;
}

const races: Mix = {
  workers: 3,
  duplicates: 0.3,
  lost: 0,
  crash: 0,
  crashes: 0,
  failure: 0,
  lostAnswer: 0,
  slow: 0,
  slowWorkers: 0,
  coalesceSeconds: 10,
  lagMs: 0,
  staleBytes: false,
  skewMs: 1000,
  sweep: false,
};

// Four deliveries at most, so that no message turns to poison.
const crashes: Mix = { ...races, crash: 0.04, crashes: 3 };

const throttling: Mix = { ...races, failure: 0.06 };

export const mixes = {
  races,
  'many-workers': { ...races, workers: 5, duplicates: 0.5 },
  crashes,
  throttling,
  'throttling-and-crashes': { ...crashes, failure: 0.06 },
  'short-window': { ...races, coalesceSeconds: 3, lostAnswer: 0.03 },
  // Longer than a dead worker's message stays away, as for people whom Entra does not know.
  'long-window': { ...crashes, crash: 0.08, coalesceSeconds: 200, lostAnswer: 0.03 },
  'slow-workers': { ...crashes, crashes: 1, failure: 0.04, lostAnswer: 0.02, slow: 0.04, slowWorkers: 2 },
  'poison-and-sweep': { ...crashes, crash: 0.15, crashes: 12, sweep: true },
  'lag-and-sweep': { ...races, lagMs: 30_000, sweep: true },
  'lost-and-sweep': { ...races, lost: 0.3, sweep: true },
  'everything-and-sweep': {
    ...throttling,
    lostAnswer: 0.02,
    crash: 0.08,
    crashes: 10,
    slow: 0.03,
    slowWorkers: 2,
    lost: 0.2,
    lagMs: 20_000,
    sweep: true,
  },
} satisfies Record<string, Mix>;

/** Not closed by any rule: Graph tells the new photo's etag and still serves the old photo's bytes. */
export const staleBytes: Mix = { ...races, lagMs: 30_000, staleBytes: true, sweep: true };
