import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readSampleSettings } from '../dist/simulator/launching/app-settings.js';
import { median } from './percentiles.mjs';

const runs = 15;
const script = fileURLToPath(new URL('load-app.cjs', import.meta.url));

/**
 * What loading costs, in fresh processes: all triggers, which a handshake needs, and what the first notification and
 * the first photo load besides. Nothing is asked of anybody.
 */
export async function measureLoading(report) {
  const environment = { ...process.env, ...(await readSampleSettings()), NODE_EXTRA_CA_CERTS: '' };
  const results = { empty: [], handshake: [], notification: [], photo: [] };
  // In turns, so that whatever else the machine does meets all alike.
  for (let run = 0; run < runs; run++) {
    for (const upTo of Object.keys(results)) results[upTo].push(await load(upTo, environment));
  }
  const wall = (upTo) => median(results[upTo].map(({ wallMs }) => wallMs));
  const inProcess = (upTo) => median(results[upTo].map(({ loadMs }) => loadMs));
  const ms = (value) => `${value.toFixed(0)} ms`;

  const handshake = inProcess('handshake');
  report.add('Modules loaded for a handshake', `${ms(handshake)} (all triggers)`, {
    target: '< 100 ms',
    isMet: handshake < 100,
  });
  report.add('Modules loaded for the first notification', `${ms(inProcess('notification'))} in all`);
  report.add('Modules loaded for the first photo', `${ms(inProcess('photo'))} in all`);
  report.add(
    'Whole process, started, loaded and ended',
    `empty ${ms(wall('empty'))}, handshake ${ms(wall('handshake'))}, first notification ${ms(wall('notification'))}, first photo ${ms(wall('photo'))}`,
  );
}

/** @returns {Promise<{ wallMs: number, loadMs: number }>} `loadMs` by the process's own clock, `wallMs` by ours. */
function load(upTo, environment) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [script, upTo], {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const wallMs = performance.now() - startedAt;
      const loadMs = Number(/loaded ([\d.]+)/.exec(said)?.[1]);
      if (code !== 0 || Number.isNaN(loadMs)) reject(new Error(`load-app.cjs ${upTo} ended with ${code}.`));
      else resolve({ wallMs, loadMs });
    });
  });
}
