import { setTimeout as wait } from 'node:timers/promises';
import { randomFrom } from '../protocol/random';
import { collectHistory } from './collect-history';
import { judgeEnd } from './judge-end';
import { judgeHistory, type Violation } from './judge-history';
import type { ChaosOptions } from './options';
import { changeSomething, meetPeople } from './people';
import { settle } from './settle';
import { confirmSeconds, graceMs, startChaosTenant } from './start-chaos-tenant';
import { startTroubles } from './troubles';

export interface ChaosResult {
  /** By the words of the report, each with who and what. */
  violations: Record<(typeof verdicts)[number], Violation[]>;
  lines: string[];
  isGood: boolean;
}

const verdicts = [
  'lost',
  'wrong face',
  'foreign file touched',
  'unconfirmed removal',
  'leftover files',
] as const;

const mostChangesAtOnce = 12;
const longestPauseMs = 250;
/** Whoever is further behind than this is waited for: a queue of hours would prove nothing more. */
const mostWaiting = 400;

/**
 * Random changes, faults and kills against a whole local tenant; then all is well again, and the tenant's own books
 * tell what went wrong for good. What is drawn follows from the seed; what the machine makes of it does not quite.
 */
export async function runChaos(
  { users, changes, seed, verbose }: ChaosOptions,
  say: (line: string) => void,
): Promise<ChaosResult> {
  const startedAt = performance.now();
  const tell = (what: string) => {
    if (verbose) say(`${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${what}`);
  };
  const problems: string[] = [];
  const chaos = await startChaosTenant(users, ({ level, message }) => {
    if (message.startsWith('Unhandled rejection')) problems.push(message);
    if (verbose && level === 'error') say(message.slice(0, 300));
  });
  try {
    const { control, storage } = chaos;
    const people = await meetPeople(control);
    const hadPhoto = new Map(people.all.map(({ id, hasPhoto }) => [id, hasPhoto]));
    const history = collectHistory(control);
    const troubles = await startTroubles(chaos, people.all, tell);
    const [changing, failing, pausing] = [randomFrom(seed), randomFrom(seed + 1), randomFrom(seed + 2)];

    tell('the storm begins');
    for (let made = 0; made < changes;) {
      await troubles.step(failing);
      const together = Math.min(1 + changing.below(mostChangesAtOnce), changes - made);
      for (let one = 0; one < together; one++) await changeSomething(people, changing);
      made += together;
      await history.take();
      await wait(pausing.below(longestPauseMs));
      while ((await storage.waiting('photo-changed-backlog')) > mostWaiting) {
        await wait(500);
        // A service that is away for good would have them wait for ever.
        await troubles.pass();
      }
    }
    tell('the storm ends');
    await troubles.end();
    const wellAt = performance.now();

    const watch = watchForLastSync(async () => {
      await history.take();
      return judgeEnd({
        people: people.all,
        shown: await control.users(),
        files: [],
        history: history.entries,
        refusals: history.refusals,
      });
    });
    const facts = async () => ({
      people: people.all,
      shown: await control.users(),
      files: await control.files(),
      history: history.entries,
      refusals: history.refusals,
    });
    const sweeps = await settle(
      chaos,
      async () => {
        const news = await history.take();
        const { lost, leftoverFile } = judgeEnd(await facts());
        tell(`lost ${String(lost.length)}, leftover ${String(leftoverFile.length)}, news ${String(news)}`);
        return lost.length === 0 && leftoverFile.length === 0;
      },
      tell,
    );
    const lastSyncAt = await watch.end();
    await history.take();

    for (const { id, hasPhoto } of people.all) if (!hadPhoto.has(id)) hadPhoto.set(id, hasPhoto);
    const way = judgeHistory(history.entries, hadPhoto, { confirmSeconds, graceMs });
    const end = judgeEnd(await facts());
    const violations: ChaosResult['violations'] = {
      lost: end.lost,
      'wrong face': [...way.wrongFace, ...end.olderFace],
      'foreign file touched': way.foreignFile,
      'unconfirmed removal': way.unconfirmedRemoval,
      'leftover files': end.leftoverFile,
    };
    const lines = [
      `seed ${String(seed)}: ${String(users)} people, ${String(changes)} changes`,
      ...table('changes', people.counts),
      ...table('went wrong', troubles.counts),
      `written: ${String(history.entries.filter(({ kind }) => kind === 'file').length)} files, ${String(history.entries.filter(({ kind }) => kind === 'property').length)} addresses`,
      `sweeps after the last fault: ${sweeps === undefined ? 'not enough' : String(sweeps)}`,
      `last fault to last photo in sync: ${((lastSyncAt - wellAt) / 1000).toFixed(1)} s`,
      ...verdicts.map((verdict) => `${verdict} ${String(violations[verdict].length)}`),
    ];
    const isGood = verdicts.every((verdict) => violations[verdict].length === 0) && problems.length === 0;
    return { violations, lines: [...lines, ...problems], isGood };
  } finally {
    await chaos.stop();
  }
}

function table(title: string, counts: ReadonlyMap<string, number>): string[] {
  const rows = [...counts].sort(([one], [other]) => one.localeCompare(other));
  return [`${title}:`, ...rows.map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`)];
}

const lookEveryMs = 500;

/** Notes when the last person came to be in sync. */
function watchForLastSync(judge: () => Promise<{ lost: readonly unknown[] }>) {
  let isEnded = false;
  let lastSyncAt = performance.now();
  const watching = (async () => {
    let before = Infinity;
    while (!isEnded && before > 0) {
      const { length } = (await judge()).lost;
      if (length < before) lastSyncAt = performance.now();
      before = length;
      await wait(lookEveryMs);
    }
  })();
  return {
    async end(): Promise<number> {
      isEnded = true;
      await watching;
      return lastSyncAt;
    },
  };
}
