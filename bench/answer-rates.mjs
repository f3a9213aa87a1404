import autocannon from 'autocannon';
import { openLoop } from './open-loop.mjs';
import { percentile } from './percentiles.mjs';

const perSecond = 200;
const openLoopSeconds = 20;
const closedLoopSeconds = 5;
/** A hundred items keep the app as busy as a hundred POSTs of one, so fewer callers are enough. */
const connectionsFor = { 1: 16, 100: 4 };

/** Sends at the fixed rate. @returns latencies in ms, and how often each status came. */
export function send(url, bodies, seconds) {
  return openLoop({ url, bodies, perSecond, seconds });
}

/** So many POSTs a second, however long their answers take. */
export async function atFixedRate(report, when, url, bodies, limitMs) {
  const { latencies, statuses } = await send(url, bodies, openLoopSeconds);
  const p99 = percentile(latencies, 99);
  const others = latencies.length - (statuses.get(202) ?? 0);
  report.add(
    `${perSecond} POSTs/s for ${openLoopSeconds} s, ${when}`,
    `p50 ${percentile(latencies, 50).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${failures(others)}`,
    limitMs && { target: `p99 < ${limitMs} ms, all 202`, isMet: p99 < limitMs && others === 0 },
  );
}

/** As many POSTs as go: each caller sends the next when the last is answered. */
export async function asManyAsGo(report, when, url, bodies, items) {
  const { requests, latency, non2xx, errors } = await autocannon({
    url,
    method: 'POST',
    connections: connectionsFor[items],
    duration: closedLoopSeconds,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    requests: bodies.map((body) => ({ body })),
  });
  const rate = Math.round(requests.average);
  const inAll = items > 1 ? ` (${rate * items} notifications/s)` : '';
  report.add(
    `As many as ${connectionsFor[items]} callers get answered, ${items} a POST, ${when}`,
    `${rate} POSTs/s${inAll}, p50 ${latency.p50} ms, p99 ${latency.p99} ms${failures(non2xx + errors)}`,
  );
}

const failures = (count) => (count > 0 ? `, ${count} not 202` : '');
