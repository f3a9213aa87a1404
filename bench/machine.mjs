import { execFileSync } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** To be called before anything is measured. @returns what tells afterwards when, on what and of what it was, by line. */
export function describeMachine() {
  const startedAt = new Date();
  const [loadBefore] = loadavg();
  const measured = commit();
  return () => [
    `${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${(process.uptime() / 60).toFixed(0)} minutes`,
    `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${platform()} ${release()}`,
    `Node ${process.version}, commit ${measured}`,
    `load average over a minute: ${loadBefore.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after; the load generator, Azurite, the simulated tenant and the app share the machine`,
  ];
}

function commit() {
  try {
    // Tags are no matter: the short hash, and whether something is not committed.
    const args = ['describe', '--always', '--dirty', '--exclude', '*'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
