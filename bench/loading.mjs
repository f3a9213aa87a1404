import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readSampleSettings } from '../dist/simulator/launching/app-settings.js';
import { median } from './percentiles.mjs';

const runs = 15;
const script = fileURLToPath(new URL('load-app.mjs', import.meta.url));

const steps = ['handshake', 'notification', 'photo'];

/**
 * What loading costs, in fresh processes: all triggers, which a handshake needs, and what the first notification and
 * the first photo load besides. As it is deployed, in a bundle, and beside it as the compiler leaves it. Nothing is
 * asked of anybody.
 */
export async function measureLoading(report) {
  const environment = { ...process.env, ...(await readSampleSettings()), NODE_EXTRA_CA_CERTS: '' };
  const cases = ['empty', ...steps].flatMap((upTo) => ['bundled', 'unbundled'].map((as) => ({ as, upTo })));
  const results = new Map();
  // In turns, so that whatever else the machine does meets all alike.
  for (let run = 0; run < runs; run++) {
    for (const { as, upTo } of cases) {
      const key = `${as} ${upTo}`;
      results.set(key, [...(results.get(key) ?? []), await load(as, upTo, environment)]);
    }
  }
  const of = (as, upTo, figure) => median(results.get(`${as} ${upTo}`).map((result) => result[figure]));
  const ms = (value) => `${value.toFixed(0)} ms`;
  const both = (upTo) => {
    const [bundled, unbundled] = ['bundled', 'unbundled'].map((as) => of(as, upTo, 'loadMs'));
    return `${ms(bundled)}, unbundled ${ms(unbundled)}, ratio ${(bundled / unbundled).toFixed(2)}`;
  };

  const handshake = of('bundled', 'handshake', 'loadMs');
  report.add('Modules loaded for a handshake', `${both('handshake')} (all triggers)`, {
    target: '< 100 ms',
    isMet: handshake < 100,
  });
  report.add('Modules loaded for the first notification', `${both('notification')}, in all`);
  report.add('Modules loaded for the first photo', `${both('photo')}, in all`);
  for (const as of ['bundled', 'unbundled']) {
    const wall = ['empty', ...steps].map((upTo) => `${upTo} ${ms(of(as, upTo, 'wallMs'))}`);
    report.add(`Whole process, started, loaded and ended, ${as}`, wall.join(', '));
  }
}

/** @returns {Promise<{ wallMs: number, loadMs: number }>} `loadMs` by the process's own clock, `wallMs` by ours. */
function load(as, upTo, environment) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [script, as, upTo], {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const wallMs = performance.now() - startedAt;
      const loadMs = Number(/loaded ([\d.]+)/.exec(said)?.[1]);
      if (code !== 0 || Number.isNaN(loadMs))
        reject(new Error(`load-app.mjs ${as} ${upTo} ended with ${code}.`));
      else resolve({ wallMs, loadMs });
    });
  });
}
