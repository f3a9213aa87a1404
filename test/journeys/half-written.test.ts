import { at, changeWhileFailing, expectNoTrySpent, type Failing } from '../support/change-while-failing';
import { eventually, startJourney, startMs, type Journey } from '../support/journey';

/** SharePoint fails when a part is written, or when all is and only the answer is lost: the row says so, and all is done again. */

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({
    settings: { REQUEST_TIMEOUT_SECONDS: '2', RETRY_SECONDS: '1' },
    hostEnv: { LOCAL_HOST_RETRY_VISIBILITY_SECONDS: '1' },
  });
}, startMs);
afterAll(() => journey.stop());

/** Whoever comes next finds that the person's pictures may be half written, and writes again. */
async function expectUnfinished(id: string): Promise<void> {
  const row = await journey.storage.person(id);
  expect(row?.dirty).toBe(true);
  expect(row).not.toHaveProperty('appliedEtag');
}

const writeAgain = async (failing: Failing, because: RegExp) => {
  const outcome = await changeWhileFailing(journey, failing, { meanwhile: ({ id }) => expectUnfinished(id) });
  expect(outcome.retry.reason).toMatch(because);
  expect(outcome.decided.code).toBe('unfinished');
  await expectNoTrySpent(journey, outcome);
};

describe('a file', () => {
  it.concurrent.each<Failing & { when: string; because: RegExp }>([
    {
      when: 'matrix 22: is stored, and the answer is a failure',
      at: at.file('M'),
      fault: { status: 500, after: true },
      because: /not well/,
    },
    {
      when: 'matrix 22: is stored, and the answer never comes',
      at: at.file('M'),
      fault: { kind: 'hang', after: true },
      because: /not answer in time/,
    },
  ])('$when', ({ because, ...failing }) => writeAgain(failing, because));

  it.concurrent('matrix 23: is refused when two of the three are there', async () => {
    const { audit, control } = journey;
    const outcome = await changeWhileFailing(
      journey,
      { at: at.file('L'), fault: { status: 500 } },
      {
        meanwhile: async ({ id }) => {
          const names = (await audit.ownFilesOf(id)).map(({ path }) => path.slice(-11));
          expect(names.sort()).toEqual(['_MThumb.jpg', '_SThumb.jpg']);
          await expectUnfinished(id);
          // The address comes last, so nobody is sent to half a set.
          expect((await control.user(id)).sharePoint?.pictureUrl).not.toContain('m365-');
        },
      },
    );
    expect(outcome.decided.code).toBe('unfinished');
    await expectNoTrySpent(journey, outcome);
  });
});

describe('the setting of the properties', () => {
  const failsWith = (ErrorTypeName: string, ErrorMessage: string) =>
    JSON.stringify([
      { SchemaVersion: '15.0.0.0', ErrorInfo: { ErrorMessage, ErrorTypeName, ErrorCode: -2147024891 } },
    ]);

  it.each<{ when: string; fault: Failing['fault']; because: RegExp }>([
    {
      when: 'matrix 24: is refused in an answer with status 200',
      fault: { body: failsWith('System.UnauthorizedAccessException', 'Access denied.') },
      because: /application role User\.ReadWrite\.All on "Office 365 SharePoint Online"/,
    },
    {
      when: 'matrix 22: fails after they were stored',
      fault: { status: 500, after: true },
      because: /not well/,
    },
    {
      when: 'matrix 22: does not answer after they were stored',
      fault: { kind: 'hang', after: true },
      because: /not answer in time/,
    },
  ])('$when', ({ fault, because }) => writeAgain({ at: at.properties, fault }, because));

  it('matrix 24: spends a try, and is done again, when it is refused with what the app does not know', async () => {
    const { control, log } = journey;
    const { id } = await journey.take();
    const body = failsWith('System.InvalidOperationException', 'Something else.');
    const recover = await control.addFault({ ...at.properties(), body });
    await control.putPhoto(id, { drawing: 'a new face' });
    await eventually('the run has failed', () =>
      log.saidByHost(/properties: System\.InvalidOperationException/),
    );
    await recover();
    await journey.inSync(id);
    expect(await log.next('photo-decided', { personId: id, written: true })).toMatchObject({
      dequeueCount: 2,
      code: 'unfinished',
    });
  });
});
