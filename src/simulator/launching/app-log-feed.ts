import type { HostLogLine } from '../function-host/host-log';

const batchEveryMs = 100;
const mostLinesABatch = 1000;
/** More would only pile up while the page's server does not answer. */
const mostLinesWaiting = 10_000;

export interface AppLogFeed {
  take(line: HostLogLine): void;
  stop(): void;
}

/** Shows the app's log on the page: hands it to the simulator, a few lines at a time. What can't be delivered is dropped. */
export function feedAppLog(pageUrl: string): AppLogFeed {
  let waiting: HostLogLine[] = [];
  let sending = false;
  const send = async () => {
    if (sending || waiting.length === 0) return;
    sending = true;
    const lines = waiting.splice(0, mostLinesABatch);
    await fetch(`${pageUrl}/_sim/app-log`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sim': '1' },
      body: JSON.stringify({ lines }),
    }).catch(() => undefined);
    sending = false;
  };
  const timer = setInterval(() => void send(), batchEveryMs);
  return {
    take: (line) => {
      waiting.push(line);
      if (waiting.length > mostLinesWaiting) waiting = waiting.slice(-mostLinesWaiting);
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}
