import fc from 'fast-check';
import { faults, wrongPictures } from './property/judge';
import { play, type Ending, type Tampering } from './property/play';
import { schedules, type Schedule } from './property/schedule';
import { misdeeds, without } from './property/tampering';

// What fails here should be about the change at hand, so the schedules are the same each time. PROPERTY_RUNS=20000 tries
// others; PROPERTY_SEED and PROPERTY_PATH, as a failure prints them, play one schedule again.
const { PROPERTY_RUNS, PROPERTY_SEED = PROPERTY_RUNS ? undefined : '1', PROPERTY_PATH } = process.env;
const runs = Number(PROPERTY_RUNS ?? 600);
const replay = {
  ...(PROPERTY_SEED !== undefined && { seed: Number(PROPERTY_SEED) }),
  ...(PROPERTY_PATH && { path: PROPERTY_PATH }),
};
const slowestRunMs = 200;
const shrinkingMs = 30_000;

type Found = string[] | Promise<string[]>;

/** @param judge says what is wrong with an ending, if anything. */
function property(judge: (ending: Ending) => Found, tampering?: Tampering) {
  return fc.asyncProperty(schedules, async (schedule) => {
    const ending = await play(schedule, tampering);
    const found = await judge(ending);
    if (found.length > 0) throw new Error([...found, '', ...ending.trace()].join('\n'));
  });
}

/** As small a schedule as can be had in a while, in words. */
async function explain(found: fc.RunDetails<[Schedule]>): Promise<string> {
  const { seed, counterexamplePath } = found;
  const path = counterexamplePath ?? '';
  const shrunk = await fc.check(property(faults), { seed, path, interruptAfterTimeLimit: shrinkingMs });
  const { counterexample, errorInstance } = shrunk.failed ? shrunk : found;
  return [
    `PROPERTY_SEED=${String(seed)} PROPERTY_PATH=${path} plays this again.`,
    String(errorInstance),
    JSON.stringify(counterexample?.[0]),
  ].join('\n');
}

it(
  'In the end SharePoint shows everybody’s own current photo, and nothing else was touched',
  async () => {
    const run = await fc.check(property(faults), { numRuns: runs, endOnFailure: true, ...replay });
    if (run.failed) throw new Error(await explain(run));
  },
  60_000 + shrinkingMs + runs * slowestRunMs,
);

// A property that could not fail would prove nothing. With another worker, these may need another seed.
const most = 3000;

describe('A wrong photo is found without', () => {
  it.each([
    { rule: 'claim', seed: 65 },
    { rule: 'force', seed: 5 },
    { rule: 'force of a copy', seed: 5 },
  ] as const)(
    '$rule',
    async ({ rule, seed }) => {
      const run = await fc.check(property(wrongPictures, without[rule]), {
        numRuns: most,
        seed,
        endOnFailure: true,
      });
      expect(run.failed).toBe(true);
      expect(String(run.errorInstance)).toMatch(/'s [SML] is .* instead of /);
    },
    60_000 + most * slowestRunMs,
  );
});

describe('It would be noticed', () => {
  it.each(misdeeds)('that $what', async ({ runs: numRuns = 20, tampering, then }) => {
    const run = await fc.check(property(faults, tampering), { numRuns, seed: 1, endOnFailure: true });
    expect(String(run.errorInstance)).toContain(then);
  });
});
