import { measureAnswers } from './answers.mjs';
import { measureBackfill } from './backfill.mjs';
import { measureBurst } from './burst.mjs';
import { measureLoading } from './loading.mjs';
import { measurePhotoChange } from './photo-change.mjs';
import { createReport } from './report.mjs';
import { measureRequests } from './requests.mjs';
import { stopAll } from './stop-all.mjs';
import { measureSweep } from './sweep.mjs';

/** `npm run bench` measures all parts and writes bench/results.md; `npm run bench -- requests burst` only tells of those. */
const parts = {
  loading: measureLoading,
  requests: measureRequests,
  answers: measureAnswers,
  'photo-change': measurePhotoChange,
  burst: measureBurst,
  backfill: measureBackfill,
  sweep: measureSweep,
};

async function main(names) {
  const report = createReport();
  for (const name of names) {
    report.begin(name);
    await parts[name](report);
    await stopAll();
  }
  process.stdout.write(`\n${report.table()}\n\n${report.verdict()}\n`);
  if (names.length === Object.keys(parts).length)
    process.stdout.write(`Written to ${await report.write()}\n`);
}

let isEnding = false;

async function end(exitCode, why) {
  if (isEnding) return;
  isEnding = true;
  process.stderr.write(`\n${why}\nStopping what was started …\n`);
  await stopAll();
  process.exit(exitCode);
}

/** The terminal and npm both pass Ctrl-C on: two at once are one. A later one is from somebody in a hurry. */
const onceMeantMs = 1000;
let firstSignalAt;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    firstSignalAt ??= performance.now();
    if (performance.now() - firstSignalAt > onceMeantMs) process.exit(130);
    end(130, 'Interrupted.');
  });
}
// Whatever is stopped lets down who was still waiting for it; only the first failure tells something.
for (const failure of ['uncaughtException', 'unhandledRejection']) {
  process.on(failure, (error) => end(1, error?.stack ?? String(error)));
}

const wanted = [...new Set(process.argv.slice(2))];
if (wanted.every((name) => Object.hasOwn(parts, name))) {
  await main(wanted.length > 0 ? wanted : Object.keys(parts));
} else {
  process.stderr.write(`Use: npm run bench [-- ${Object.keys(parts).join(' | ')}]\n`);
  process.exitCode = 2;
}
