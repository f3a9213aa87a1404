require('./typescript-hook.cjs');
const { readOptions } = require('./options.ts');
const { runChaos } = require('./run-chaos.ts');

const say = (line) => process.stdout.write(`${line}\n`);

async function main() {
  const options = readOptions(process.argv.slice(2));
  const { isGood, lines, violations } = await runChaos(options, say);
  for (const line of lines) say(line);
  if (isGood) return;
  for (const [verdict, found] of Object.entries(violations))
    for (const { personId, what } of found) say(`${verdict}: ${personId} ${what}`);
  const { users, changes, seed } = options;
  say(`npm run chaos -- --users ${users} --changes ${changes} --seed ${seed} draws this again.`);
  process.exitCode = 1;
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
