import { mixes, staleBytes, type Mix } from './mixes';
import { playSchedule } from './model';
import { randomFrom } from './random';
import { allRules, applyPhoto, type Rules } from './worker';
import { World, type Message } from './world';

// MODEL_SCHEDULES=250000 plays more of each mix; MODEL_SEED=136 plays that one alone and writes it down.
const schedules = Number(process.env.MODEL_SCHEDULES ?? 5000);
const replayed = process.env.MODEL_SEED === undefined ? undefined : Number(process.env.MODEL_SEED);

const seeds =
  replayed === undefined ? Array.from({ length: schedules }, (_, index) => index + 1) : [replayed];

describe('With every rule, each photo arrives', () => {
  it.each(Object.entries<Mix>(mixes))('in every schedule of %s', (name, mix) => {
    const wrong = seeds
      .map((seed) => ({ seed, ...playSchedule(seed, mix, allRules) }))
      .filter((outcome) => outcome.wrong !== undefined);
    for (const { seed } of wrong.slice(0, 3)) print(name, seed, allRules);
    expect(wrong.map(({ seed, wrong: problem }) => `${String(seed)}: ${String(problem)}`)).toEqual([]);
  });
});

// A model that could not go wrong would prove nothing.
describe('A wrong photo is found without', () => {
  const needed = (Object.keys(allRules) as (keyof Rules)[]).filter(
    (rule) => rule !== 'lookAgain' && rule !== 'secondLooks',
  );

  // The others have no poison, or little; and what a sweep sent seldom ends unfinished.
  const { 'poison-and-sweep': poison, 'lost-and-sweep': lost } = mixes;
  const whereItShows: Partial<Record<keyof Rules, Record<string, Mix>>> = {
    poisonMarksDirty: { 'poison-and-sweep': poison },
    endMarksDirty: { 'lost-and-sweep': lost },
  };

  it.each(needed)('%s', (rule) => {
    const where = whereItShows[rule] ?? mixes;
    const found = firstWrong({ ...allRules, [rule]: false }, where);
    print(found.mix, found.seed, { ...allRules, [rule]: false }, `without ${rule}`);
    expect(found.wrong).toBeDefined();
  });
});

describe('For speed: more photos wait for the sweep', () => {
  const mix = { ...mixes['lag-and-sweep'], sweep: false };
  const waiting = (rules: Rules) =>
    seeds.filter((seed) => playSchedule(seed, mix, rules).wrong !== undefined).length;
  let withAll: number;
  beforeAll(() => {
    withAll = waiting(allRules);
  });

  it.each(['lookAgain', 'secondLooks'] as const)('without %s', (rule) => {
    const without = waiting({ ...allRules, [rule]: false });
    const of = String(seeds.length);
    say(`Waiting for the sweep: ${String(withAll)} of ${of}, without ${rule} ${String(without)}`);
    if (replayed === undefined) expect(without).toBeGreaterThan(withAll);
  });
});

describe('What no rule can close', () => {
  it('a worker that stalls inside one request while another carries its message out, and then dies', () => {
    const world = new World(randomFrom(1), { ...mixes.races, skewMs: 0 });
    const message: Message = {
      cause: 'sweep',
      isOfSweep: true,
      force: false,
      dequeueCount: 1,
      insertedAt: 0,
      dueAt: 0,
      lookNumber: 0,
      visibleAt: 0,
    };
    world.changePhoto();
    const stalled = applyPhoto(world, message, allRules);
    for (let step = stalled.next(); step.value !== 'writes';) step = stalled.next();
    world.changePhoto();
    for (const step of applyPhoto(world, { ...message, dequeueCount: 2 }, allRules)) world.note(step);
    expect(world.sharePoint).toEqual({ S: 2, M: 2, L: 2, properties: 2 });

    stalled.next();
    expect(world.sharePoint).toEqual({ S: 1, M: 2, L: 2, properties: 2 });
    // And the row, by which a sweep goes, has nothing to say of it.
    expect(world.row).toMatchObject({ dirty: false, appliedEtag: 2 });
  });

  it("Graph's bytes being older than the etag it told before", () => {
    const wrong = seeds.filter((seed) => playSchedule(seed, staleBytes, allRules).wrong !== undefined);
    say(`Old bytes under a new etag: ${String(wrong.length)} of ${String(seeds.length)} end wrong`);
    if (replayed === undefined) expect(wrong).not.toEqual([]);
  });
});

/** The first wrong schedule, the mixes side by side. */
function firstWrong(
  rules: Rules,
  where: Record<string, Mix>,
): { mix: string; seed: number; wrong: string | undefined } {
  for (let seed = 1; seed <= 20_000; seed++) {
    for (const [name, mix] of Object.entries(where)) {
      const { wrong } = playSchedule(seed, mix, rules);
      if (wrong !== undefined) return { mix: name, seed, wrong };
    }
  }
  return { mix: 'none', seed: 0, wrong: undefined };
}

function print(name: string, seed: number, rules: Rules, why = 'with every rule'): void {
  const mix = (mixes as Record<string, Mix>)[name];
  if (!mix) return;
  const trace: string[] = [];
  const { wrong } = playSchedule(seed, mix, rules, trace);
  const isReplay = replayed !== undefined || rules === allRules;
  say(`${name}, seed ${String(seed)}, ${why}: ${String(wrong)}`, ...(isReplay ? trace : []));
}

/** Past jest's console, which puts a stack beside every line. */
function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
