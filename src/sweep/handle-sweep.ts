import { InvalidMessage, InvalidSettings } from '../errors';
import { createLog, type Log, type LogTarget } from '../log';
import { tellUnknown } from '../scope/tell-unknown';
import { waitsForRights } from '../tenant/rights';
import { config, monotonicMs, scope, storage, tenant } from '../services';
import { poisonQueueOf, queueNames } from '../storage/names';
import { takeMessage } from '../take-message';
import { decodePageMessage } from './page-message';
import { sendPage, startWhenDue } from './start-sweep';
import { sweepPage } from './sweep-page';

const putBackSeconds = 300;

/** The timer. It comes again, so nothing is retried here. */
export async function handleSweepTimer(target: LogTarget): Promise<void> {
  const log = createLog(target);
  try {
    const [{ rightsGranted, mode, sweep }, { sweeps, queue }] = await Promise.all([config(), storage()]);
    if (mode === 'remove') {
      const { handleRemoving } = await import('../removing/handle-removing.js');
      await handleRemoving(log);
    } else if (rightsGranted) {
      await startWhenDue({ sweeps, queue, log }, sweep);
      await tellUnknown(await scope(), mode, log);
    } else log.info('sweep-not-started', { reason: waitsForRights });
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    log.error('settings-invalid', { problems: error.problems });
  }
}

/** One page's message. Wrong settings cost no try: the message comes back. */
export async function handleSweepPage(message: unknown, target: LogTarget): Promise<void> {
  const log = createLog(target);
  const { queue } = await storage();
  const page = await takeMessage({ queue, log }, queueNames.sweepPage, message, decodePageMessage);
  if (!page) return;
  try {
    await sweepPage(await sweepDeps(log), page);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    log.error('settings-invalid', { problems: error.problems });
    await sendPage(await storage(), page, { attempt: page.attempt, delaySeconds: putBackSeconds });
  }
}

async function sweepDeps(log: Log): Promise<Parameters<typeof sweepPage>[0]> {
  const [settings, { sweeps, people, breaker, queue }, { people: directory, looks }, scopeSource] =
    await Promise.all([config(), storage(), tenant(), scope()]);
  const { random } = Math;
  const tables = { sweeps, people, breaker, queue };
  return { settings, ...tables, scope: scopeSource, directory, looks, log, monotonicMs, random };
}

/** The queue gave up on a page: a bug of ours, or tables that could not be read for minutes. The timer sends the page of the row again. */
export async function reportPoisonPage(message: unknown, target: LogTarget): Promise<void> {
  const log = createLog(target);
  const { queue } = await storage();
  try {
    const name = poisonQueueOf(queueNames.sweepPage);
    const poisoned = await takeMessage({ queue, log }, name, message, decodePageMessage);
    if (!poisoned) return;
    const { sweepId, page } = poisoned;
    const reason =
      'Five tries failed; the errors of this function say why. The timer has the page worked through again.';
    log.error('sweep-page-poisoned', { sweepId, page, reason });
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    log.error('sweep-page-poisoned', { reason: error.message });
  }
}
