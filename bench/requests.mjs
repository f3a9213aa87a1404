import { eventually } from './eventually.mjs';
import { startBenchTenant, unprotected } from './tenant.mjs';

/** What one person costs in requests, counted by the simulated services. The published limits are counted in them. */
export async function measureRequests(report) {
  // Every notification gets a look of its own, so that there is one to count.
  const bench = await startBenchTenant({ people: 30, settings: { ...unprotected, COALESCE_SECONDS: '0' } });
  const [first, second] = (await bench.control.users()).filter(({ kind }) => kind === 'ordinary');

  const newcomer = await countRequests(bench, () => changePhoto(bench, first, 'face-1'));
  report.add('Requests, first photo that a process applies', inWords(newcomer));

  const applied = await countRequests(bench, () => changePhoto(bench, second, 'face-2'));
  report.add('Requests, a photo applied', inWords(applied), {
    target: '3 Graph, 5 SharePoint',
    isMet: applied.graph === 3 && applied.sharePoint === 5,
  });

  const unchanged = await countRequests(bench, () => notify(bench, second));
  report.add('Requests, a look at an unchanged photo', inWords(unchanged), {
    target: '1 Graph, 0 SharePoint',
    isMet: unchanged.graph === 1 && unchanged.sharePoint === 0,
  });
}

/** @param act ends when the event is queued at least; all that follows from it is counted. */
async function countRequests({ control, waiting }, act) {
  const since = await control.lastRequest();
  await act();
  await eventually('the queue is empty', async () => (await waiting()) === 0);
  const requests = await control.requests(since);
  const of = (...services) => requests.filter(({ service }) => services.includes(service)).length;
  return { graph: of('graph'), sharePoint: of('root', 'mysite', 'admin'), tokens: of('identity') };
}

async function changePhoto({ control }, { id }, drawing) {
  await control.changePhoto(id, drawing, true);
  await eventually('it is applied', async () => (await control.user(id)).inSync);
}

async function notify({ control }, { id }) {
  const before = await control.lastNotification();
  await control.notify([id]);
  await eventually('it is answered', async () => (await control.notifications(before)).length > 0);
}

const inWords = ({ graph, sharePoint, tokens }) =>
  `${graph} Graph, ${sharePoint} SharePoint${tokens > 0 ? `, ${tokens} tokens` : ''}`;
