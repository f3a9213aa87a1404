import { openStorage } from '../dist/storage/open-storage.js';
import { eventually } from './eventually.mjs';
import { peakMemoryMb } from './peak-memory.mjs';
import { stopAll } from './stop-all.mjs';
import { startBenchTenant } from './tenant.mjs';

const people = 10_000;
const manyPeople = 100_000;
const peopleABatch = 20;
const peopleAPage = 999;
const batchesAtOnce = 4;
const latencyMs = 150;
/** Lists of people and batches of photos; the parts of a batch wait with their batch. */
const slowGraph = {
  service: 'graph',
  match: '^(POST /v1.0/\\$batch|GET /v1.0/users\\?)',
  delayMs: latencyMs,
};
const longestMs = 30 * 60_000;
/** A sweep asks for no picture, and drawing those of a tenant takes a core of the machine for a while. */
const simulatorEnv = { SIM_DRAW_AHEAD: 'off' };

/** Sweeps through a whole tenant: their requests, their duration beside the floor that Graph's latency sets, and memory. */
export async function measureSweep(report) {
  await measureDuration(report);
  await stopAll();
  await measureMemory(report);
}

async function measureDuration(report) {
  const bench = await startBenchTenant({ people, limits: 'off', simulatorEnv });
  const { control } = bench;
  await control.setFaults([slowGraph]);
  addDuration(report, 'of a new tenant', await sweep(bench, report));
  addDuration(report, 'in sync', await sweep(bench, report));

  await control.setFaults([]);
  const since = await control.lastRequest();
  const { counts, durationMs } = await sweep(bench, report);
  report.add(
    `Sweep, ${people} people in sync, without latency`,
    `${Math.round(counts.seen / (durationMs / 1000))} people/s`,
  );
  const served = (await control.requests(since)).filter(({ service }) => service === 'graph').length;
  addRequests(report, counts, served);
}

async function measureMemory(report) {
  const bench = await startBenchTenant({ people: manyPeople, limits: 'off', simulatorEnv });
  const { counts, durationMs } = await sweep(bench, report);
  addRequests(report, counts);
  const megabytes = await peakMemoryMb(bench.tenant.host.pid);
  const figure = `Sweep of ${counts.seen} people, ${counts.baseline} of them new: peak memory of the app's process`;
  if (megabytes === undefined) report.add(figure, 'only Linux tells');
  else {
    const took = `${megabytes.toFixed(0)} MB, in ${(durationMs / 1000).toFixed(0)} s`;
    report.add(figure, took, { target: '< 300 MB', isMet: megabytes < 300 });
  }
}

/** @returns the record that the sweep left. */
async function sweep({ tenant }, report) {
  const { sweeps } = openStorage({ PhotoSyncStorage: tenant.storage.connectionString });
  const before = (await sweeps.read()).row?.sweepId;
  await fetch(`${tenant.functionsUrl}/admin/functions/sweep`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input":""}',
  });
  let saidAt = performance.now();
  const { sweepId } = await eventually(
    'the sweep is done',
    async () => {
      const { row } = await sweeps.read();
      if (row && performance.now() - saidAt > 20_000) {
        report.say(`${row.counts.seen} people are seen`);
        saidAt = performance.now();
      }
      return row !== undefined && row.sweepId !== before && row.finishedAt !== '' && row;
    },
    { timeoutMs: longestMs, pollMs: 500 },
  );
  return (await sweeps.records()).find((record) => record.sweepId === sweepId);
}

function addDuration(report, which, { counts, durationMs }) {
  const floorMs = (counts.seen / peopleABatch / batchesAtOnce) * latencyMs;
  const ratio = durationMs / floorMs;
  report.add(
    `Sweep, ${counts.seen} people ${which}, Graph takes ${latencyMs} ms more for each answer`,
    `${(durationMs / 1000).toFixed(0)} s, floor ${(floorMs / 1000).toFixed(1)} s, ratio ${ratio.toFixed(2)}`,
    { target: 'ratio at most 1.25', isMet: ratio <= 1.25 },
  );
}

/** @param served how many requests the simulated Graph counted, where its log holds them all. */
function addRequests(report, { seen, requests }, served = requests) {
  const pages = Math.ceil(seen / peopleAPage);
  // Each page ends with a batch that may not be full.
  const most = Math.floor(seen / peopleAPage) * Math.ceil(peopleAPage / peopleABatch);
  const rest = Math.ceil((seen % peopleAPage) / peopleABatch);
  report.add(
    `Sweep, ${seen} people: requests to Graph`,
    `${requests}${served === requests ? '' : `, but Graph counted ${served}`}`,
    {
      target: `1 per ${peopleABatch} people and 1 per ${peopleAPage}: ${pages + most + rest}`,
      isMet: requests <= pages + most + rest && served === requests,
    },
  );
}
