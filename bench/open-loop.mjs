import { Agent, request } from 'node:http';

/**
 * Sends at a fixed rate, however long the answers take: a client that waits for them would hide the slow ones.
 * Latencies are in ms, from the moment a request was due.
 */
export async function openLoop({ url, bodies, perSecond, seconds }) {
  const agent = new Agent({ keepAlive: true });
  const latencies = [];
  const statuses = new Map();
  const pending = new Set();
  const total = perSecond * seconds;
  const startedAt = performance.now();

  const post = (index, dueAt) =>
    new Promise((resolve) => {
      const done = (status) => {
        latencies.push(performance.now() - dueAt);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        resolve();
      };
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode));
      });
      outgoing.on('error', () => done(0));
      outgoing.end(bodies[index % bodies.length]);
    });

  await new Promise((resolve) => {
    let sent = 0;
    const tick = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1);
      for (; sent < due; sent++) {
        const work = post(sent, startedAt + (sent * 1000) / perSecond).finally(() => pending.delete(work));
        pending.add(work);
      }
      if (sent < total) return;
      clearInterval(tick);
      resolve();
    }, 1);
  });
  await Promise.all(pending);
  agent.destroy();
  return { latencies, statuses };
}
