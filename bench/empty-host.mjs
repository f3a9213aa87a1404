import { fileURLToPath } from 'node:url';
import { startHostProcess } from '../dist/simulator/launching/host-process.js';
import { stopAtEnd } from './stop-all.mjs';

const folder = fileURLToPath(new URL('empty-app', import.meta.url));

/** The local function host with an app that does nothing. @returns its address. */
export async function startEmptyHost() {
  const starting = startHostProcess({ port: 0, environment: process.env, folder, keepLogs: false });
  stopAtEnd(async () => (await starting.catch(() => undefined))?.stop());
  return (await starting).url;
}
