import { encodePhotoEvent } from '../../../src/photos/photo-event';
import type { ControlTable } from '../../../src/storage/control-table';
import type { EventQueue } from '../../../src/storage/event-queue';
import type { Columns, Table } from '../../../src/storage/table';
import type { Worker } from './hazards';
import type { World } from './ports';

/** The table in memory, but each call takes its turn and may fail. */
export function tableOf({ hazards, rows }: World, worker: Worker): Table {
  const call = (what: string, row: string, columns?: Columns) => ({
    service: 'storage' as const,
    what,
    about: { row, ...columns },
  });
  return {
    read: (partition, row) => hazards.perform(worker, call('reads', row), () => rows.read(partition, row)),
    write: (partition, row, token, columns) =>
      hazards.perform(worker, { ...call('writes', row, columns), ifLost: undefined }, () =>
        rows.write(partition, row, token, columns),
      ),
    overwrite: (partition, row, columns) =>
      hazards.perform(worker, call('overwrites', row, columns), () =>
        rows.overwrite(partition, row, columns),
      ),
    remove: () => Promise.reject(new Error('A worker removes no row.')),
    list: () => Promise.reject(new Error('A worker lists no rows.')),
    scan: () => {
      throw new Error('A worker lists no rows.');
    },
  };
}

export function controlOf({ hazards, timeline }: World, worker: Worker): ControlTable {
  const call = { service: 'storage' as const, what: 'asks whether writing is paused' };
  const none = { row: undefined, token: undefined };
  const isWritten = () => Promise.reject(new Error('A worker writes no control row here.'));
  return {
    read: () =>
      hazards.perform(worker, call, () => ({
        pausedBecause: hazards.holds('pause') ? 'a rebrand' : undefined,
        breaker: none,
        firstWrites: none,
        doctor: undefined,
        isRemoving: false,
        readAt: timeline.serverTime(),
      })),
    writeBreaker: isWritten,
    writeFirstWrites: isWritten,
    recordDoctor: () => Promise.reject(new Error('A worker is no doctor.')),
  };
}

export function queueOf({ hazards, send }: World, worker: Worker): EventQueue {
  const put = (queue: string, text: string, delaySeconds: number) => {
    const call = {
      service: 'storage' as const,
      isSend: true,
      what: 'sends',
      about: [queue, text, delaySeconds],
    };
    return hazards.perform(worker, call, () => send(queue, text, delaySeconds));
  };
  return {
    send: (queue, event, { delaySeconds = 0 } = {}) => put(queue, encodePhotoEvent(event), delaySeconds),
    sendMessage: (queue, message, { delaySeconds = 0 } = {}) =>
      put(queue, JSON.stringify(message), delaySeconds),
    hasWaiting: () => Promise.reject(new Error('A worker looks at no queue.')),
    sendBack: (queue, body, delaySeconds) =>
      put(queue, typeof body === 'string' ? body : JSON.stringify(body), delaySeconds),
  };
}
