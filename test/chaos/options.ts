import { parseArgs } from 'node:util';

export interface ChaosOptions {
  users: number;
  changes: number;
  /** What is done, to whom, and what fails follow from it. */
  seed: number;
  /** Prints what it does. */
  verbose: boolean;
}

/** `--users 2000 --changes 10000 --seed 7`; without a seed it takes one by the clock, and prints it. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: { type: 'string', default: '200' },
      changes: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      verbose: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'users' | 'changes' | 'seed', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least) {
      throw new Error(`--${name} has to be a whole number from ${String(least)}.`);
    }
    return value;
  };
  return {
    users: whole('users', 30),
    changes: whole('changes', 1),
    seed: whole('seed', 0),
    verbose: values.verbose,
  };
}
