import type { HostHandle } from '../../src/simulator/local-tenant';
import type { Random } from '../protocol/random';
import {
  drawNotificationFault,
  drawOutage,
  drawServiceFault,
  drawStorageFault,
  nameOf,
  nameOfStorageFault,
  type TenantFault,
} from './faults';
import type { ChaosPerson } from './people';
import type { ChaosTenant } from './start-chaos-tenant';

/** What goes wrong now, and what did so far. */
export interface Troubles {
  /** Lets something go wrong, or end, before the next changes. */
  step(random: Random): Promise<void>;
  /** A step in which nothing new goes wrong. */
  pass(): Promise<void>;
  /** Ends all of it: one host runs, and every service is well. */
  end(): Promise<void>;
  /** How often each thing went wrong. */
  counts: Map<string, number>;
}

interface Trouble {
  endsAtStep: number;
  end: () => Promise<void> | void;
}

const lifecycleEvents = ['missed', 'subscriptionRemoved', 'reauthorizationRequired'] as const;
const holdStatuses = [403, 409, 423] as const;

export async function startTroubles(
  chaos: ChaosTenant,
  people: readonly ChaosPerson[],
  say: (what: string) => void,
): Promise<Troubles> {
  const { tenant, control, proxy, runTimer } = chaos;
  const counts = new Map<string, number>();
  const count = (name: string, times = 1) => counts.set(name, (counts.get(name) ?? 0) + times);
  const going = new Set<Trouble>();
  const faults = new Set<TenantFault>();
  const holds = new Set<{ path: string; status: (typeof holdStatuses)[number] }>();
  let steps = 0;
  let second: HostHandle | undefined;

  /** The tenant counts its faults anew with each list, so what happened is taken down before. */
  const putFaults = async () => {
    for (const fault of await control.faults()) if (fault.hits > 0) count(nameOf(fault), fault.hits);
    await control.putFaults([...faults]);
  };
  const withFault = async (fault: TenantFault): Promise<() => Promise<void>> => {
    faults.add(fault);
    await putFaults();
    return async () => {
      faults.delete(fault);
      await putFaults();
    };
  };

  const start = async () => {
    await tenant.startHost();
    await runTimer('keep-subscription');
  };
  const freeze = (host: HostHandle | undefined, signal: 'SIGSTOP' | 'SIGCONT') => {
    if (host && !host.hasEnded()) process.kill(host.pid, signal);
  };

  /** Each returns what ends it, if it lasts. */
  const kinds: { weight: number; begin: (random: Random) => Promise<Trouble['end'] | undefined> }[] = [
    { weight: 12, begin: (random) => withFault(drawServiceFault(random)) },
    { weight: 4, begin: (random) => withFault(drawNotificationFault(random)) },
    { weight: 2, begin: (random) => withFault(drawOutage(random)) },
    {
      weight: 6,
      begin: async (random) => {
        const { fault, options } = drawStorageFault(random);
        const rule = proxy.rule(fault, options);
        return () => {
          count(nameOfStorageFault(fault), rule.hits());
          rule.release();
        };
      },
    },
    {
      weight: 3,
      begin: async (random) => {
        count('host killed');
        await tenant.host?.kill();
        const isDownForAWhile = random.chance(0.3);
        if (!isDownForAWhile) await start();
        return isDownForAWhile ? start : undefined;
      },
    },
    {
      weight: 2,
      begin: async () => {
        const host = tenant.host;
        count('host frozen');
        freeze(host, 'SIGSTOP');
        return () => {
          freeze(host, 'SIGCONT');
        };
      },
    },
    {
      weight: 2,
      begin: async () => {
        if (second || tenant.host?.hasEnded() !== false) return undefined;
        second = await tenant.startHost();
        count('second host');
        return async () => {
          count('second host killed');
          await second?.kill();
          second = undefined;
        };
      },
    },
    {
      weight: 4,
      begin: async () => {
        if (await runTimer('sweep')) count('sweep started');
        return undefined;
      },
    },
    {
      weight: 2,
      begin: async (random) => {
        const event = lifecycleEvents[random.below(lifecycleEvents.length)]!;
        const { told } = await control.lifecycle(event);
        count(`subscription: ${event}`, told);
        return undefined;
      },
    },
    {
      weight: 2,
      begin: async (random) => {
        // Of those who have most of the changes.
        const { id } = people[random.below(Math.ceil(people.length / 10))]!;
        const status = holdStatuses[random.below(holdStatuses.length)]!;
        const own = ['S', 'M', 'L'].map((letter) => ({
          path: `/User Photos/Profilbilder/m365-${id}_${letter}Thumb.jpg`,
          status,
        }));
        for (const hold of own) holds.add(hold);
        await control.retain([...holds]);
        count(`files held (${String(status)})`);
        return async () => {
          for (const hold of own) holds.delete(hold);
          await control.retain([...holds]);
        };
      },
    },
    {
      weight: 1,
      begin: async (random) => {
        count('clock moved');
        await control.advanceClock(600 + random.below(3600));
        return undefined;
      },
    },
  ];
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);

  const endThose = async (isOver: (trouble: Trouble) => boolean) => {
    for (const trouble of [...going].filter(isOver)) {
      going.delete(trouble);
      await trouble.end();
    }
  };

  const pass = async () => {
    steps++;
    await endThose(({ endsAtStep }) => endsAtStep <= steps);
  };

  await start();
  return {
    counts,
    pass,
    async step(random) {
      await pass();
      if (!random.chance(0.6)) return;
      let at = random.below(total);
      const { begin } = kinds.find(({ weight }) => (at -= weight) < 0)!;
      const endsAtStep = steps + 2 + random.below(6);
      const end = await begin(random);
      if (end) going.add({ endsAtStep, end });
    },
    async end() {
      await endThose(() => true);
      faults.clear();
      await putFaults();
      proxy.clear();
      if (tenant.host?.hasEnded() !== false) await start();
      say('everything is well again');
    },
  };
}
