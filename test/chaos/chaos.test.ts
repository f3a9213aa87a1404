import { runChaos } from './run-chaos';

/** `npm run chaos` tries more: see CONTRIBUTING.md. */
const seed = 7;

it('loses nothing, shows no wrong face and touches nothing of others, whatever fails and whenever it is killed', async () => {
  const { isGood, lines, violations } = await runChaos(
    { users: 50, changes: 180, seed, verbose: false },
    () => undefined,
  );
  expect({ violations, lines: isGood ? [] : lines }).toEqual({
    violations: {
      lost: [],
      'wrong face': [],
      'foreign file touched': [],
      'unconfirmed removal': [],
      'leftover files': [],
    },
    lines: [],
  });
}, 300_000);
