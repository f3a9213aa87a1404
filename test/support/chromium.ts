import { chromium, type Browser } from 'playwright-core';
import { findProgram } from './find-program';

/** Nothing but the page: no sandbox, which root can't have, and no errands of the browser's own. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `CHROMIUM` names the program; without it, `chromium` is looked for where Debian puts it and on the PATH. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment['CHROMIUM'] || findProgram('chromium', environment, ['/usr/bin']);
}

/** Starts a browser of its own, with a profile that goes when it is closed. */
export function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}
