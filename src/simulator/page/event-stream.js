// @ts-check
import { readState } from './api.js';

const retryMs = [500, 1000, 2000, 5000];

/**
 * Follows the simulator's events for as long as the page is open. EventSource would reconnect by itself, but from
 * the address it was made with, and so would bring everything since the page was opened once more.
 *
 * @param {{
 *   onState: (state: import('./api.js').State) => void | Promise<void>,
 *   onEvent: (event: import('./api.js').SimEvent) => void,
 *   onConnection: (connection: 'connected' | 'lost') => void,
 * }} listener `onState` is told what holds at each (re)connection, before the events that follow
 */
export function followEvents({ onState, onEvent, onConnection }) {
  let last = 0;
  let failures = 0;

  async function connect() {
    try {
      await onState(await readState());
    } catch {
      retry();
      return;
    }
    const source = new EventSource(`/_sim/events?since=${last}`);
    source.onopen = () => {
      failures = 0;
      onConnection('connected');
    };
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      // A simulator that was started anew counts from one again.
      last = event.n;
      onEvent(event);
    };
    source.onerror = () => {
      source.close();
      retry();
    };
  }

  function retry() {
    onConnection('lost');
    const wait = retryMs[Math.min(failures, retryMs.length - 1)];
    failures += 1;
    setTimeout(connect, wait);
  }

  void connect();
}
