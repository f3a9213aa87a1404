/**
 * The page as somebody at the browser meets it: everything is found by its role and name, and nothing is waited for but
 * what one would see or hear.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { feedAppLog, type AppLogFeed } from '../../src/simulator/launching/app-log-feed';
import { feedAppState, type AppStateFeed } from '../../src/simulator/launching/app-state-feed';
import { startSimulatorProcess } from '../../src/simulator/launching/simulator-process';
import { anyPorts } from '../../src/simulator/launching/tenant-ports';
import { findChromium, startChromium } from '../support/chromium';
import { eventually, startJourney, startMs, type Journey } from '../support/journey';
import { openLocalPage, type LocalPage, type PersonOnPage } from '../support/local-page';
import { samplePicture } from '../support/sample-pictures';

// A test here waits for several things in turn, which takes long on a busy machine.
jest.setTimeout(startMs);

const program = findChromium();

interface Taken {
  id: string;
  name: string;
  onPage: PersonOnPage;
}

(program ? describe : describe.skip)('the page in Chromium', () => {
  let folder: string;
  let browser: Browser | undefined;
  let journey: Journey | undefined;
  let feed: AppLogFeed | undefined;
  let stateFeed: AppStateFeed | undefined;
  const resumed: string[] = [];
  let local: LocalPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'photo-sync-page-'));
    browser = await startChromium(program ?? 'chromium');
    journey = await startJourney({ people: 60, onLog: (line) => feed?.take(line) });
    feed = feedAppLog(journey.tenant.pageUrl);
    stateFeed = feedAppState(journey.tenant, {
      // What `npm start` does, and Azure when a setting is changed.
      resume: async (stopId) => {
        await journey?.tenant.host?.stop();
        await journey?.tenant.startHost({ settings: { BREAKER_RESUME: stopId } });
        resumed.push(stopId);
      },
    });
    local = await openLocalPage(browser, journey.tenant.pageUrl);
  }, startMs);

  afterAll(async () => {
    feed?.stop();
    stateFeed?.stop();
    await browser?.close();
    await journey?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  // An open dialog hides everything else, also from the next test.
  afterEach(async () => {
    if (await local.dialog.isVisible()) await local.page.keyboard.press('Escape');
  });

  /** Waits for the app's decision, and for the feed to tell it in the app's own words. */
  async function isTold(where: { plan: string; code?: string }, { id, name, onPage }: Taken, since = 0) {
    const line = await journey!.log.next('photo-decided', { personId: id, ...where }, since);
    const told = `${where.plan} ${name}: ${String(line['reason'])}`;
    await onPage.entries.filter({ hasText: told }).first().waitFor();
    return line;
  }

  /** A person whom no other test has, on the tenant's side and on the page. */
  async function take(): Promise<Taken> {
    const { id, displayName } = await journey!.take();
    return { id, name: displayName, onPage: await local.person(displayName) };
  }

  /** Presses for the file chooser and gives it a file. Whatever is in it, its name says that it is a photo. */
  const choose = async (press: () => Promise<void>, bytes: Buffer) => {
    const file = join(folder, 'me.jpg');
    await writeFile(file, bytes);
    const choosing = local.page.waitForEvent('filechooser');
    await press();
    await (await choosing).setFiles(file);
  };
  const upload = (bytes: Buffer) => choose(() => local.dialog.getByText('Upload a file').click(), bytes);

  describe('with the app', () => {
    it('shows people, each with both pictures', async () => {
      const { onPage, name } = await take();
      for (const alt of [`Photo of ${name} in Microsoft 365`, `Picture of ${name} in SharePoint`])
        await isDrawn(onPage.row.getByRole('img', { name: alt }));
      await onPage.is('In sync');
    });

    it('tells of a new picture until SharePoint shows it, with the decision and its reason', async () => {
      const person = await take();
      const { id, name, onPage } = person;
      await onPage.newPicture.click();
      await local.answer.getByText(`SharePoint shows the same picture of ${name}`).waitFor();
      await onPage.is('In sync');
      await onPage.row.getByText(/^arrived in \d/).waitFor();
      // On a slow machine Graph may have told twice, and the last word is then that there was nothing to do.
      await onPage.row.getByText(/^(apply|skip): [A-Z].+\.$/).waitFor();
      for (const told of [
        `${name} has a new photo`,
        `Graph notifies: look at ${name}`,
        `SharePoint shows the new photo of ${name}`,
      ])
        await onPage.entries.filter({ hasText: told }).first().waitFor();
      await isTold({ plan: 'apply' }, person);
      await journey!.inSync(id);
    });

    it('brings an uploaded file', async () => {
      const { id, name, onPage } = await take();
      await onPage.openDialog();
      await upload(await jpeg());
      await local.answer.getByText(`SharePoint shows the same picture of ${name}`).waitFor();
      await local.dialog.getByText('In sync', { exact: true }).waitFor();
      await journey!.inSync(id);
    });

    it('looks at the photo, and writes nothing, for a new job title', async () => {
      const person = await take();
      const { onPage } = person;
      await onPage.newPicture.click();
      await isTold({ plan: 'apply' }, person);
      await journey!.storage.drained();
      const before = await journey!.control.lastRequest();
      const since = journey!.log.mark();

      const dialog = await onPage.openDialog();
      await dialog.getByRole('textbox', { name: 'New job title' }).fill('Astronaut');
      await dialog.getByRole('button', { name: 'Change title' }).click();
      const { reason } = await isTold({ plan: 'skip', code: 'unchanged' }, person, since);
      await dialog.getByText(`skip: ${String(reason)}`).waitFor();
      await local.page.keyboard.press('Escape');
      await onPage.row.getByText('Astronaut').waitFor();
      await journey!.storage.drained();
      const asked = (await journey!.requestsSince(before)).map(
        ({ service, method }) => `${method} ${service}`,
      );
      expect([...new Set(asked)]).toEqual(['GET graph']);
    });

    it('shows a photo that Graph says nothing about as not in sync, until it speaks of that person', async () => {
      const { onPage: silent, name } = await take();
      const notify = local.page.getByRole('switch', { name: 'Graph notifies of photo changes' });
      await notify.uncheck();
      await silent.newPicture.click();
      await local.answer.getByText(`${name} has a new photo. Graph says nothing about it.`).waitFor();
      await silent.is('Not in sync');
      await silent.entries.filter({ hasText: 'Graph says nothing about it' }).waitFor();
      await notify.check();

      // What was changed later arrives, and this still does not.
      const { onPage: other } = await take();
      await other.newPicture.click();
      await other.entries.filter({ hasText: 'SharePoint shows the new photo' }).waitFor();
      const again = await local.person(name);
      await again.is('Not in sync');

      const dialog = await again.openDialog();
      await dialog.getByRole('textbox', { name: 'New job title' }).fill('Cartographer');
      await local.page.keyboard.press('Enter');
      await dialog.getByText('In sync', { exact: true }).waitFor();
    });

    it('leaves SharePoint alone when a photo is removed, and says so', async () => {
      const { name, onPage } = await take();
      const dialog = await onPage.openDialog();
      const remove = dialog.getByRole('button', { name: 'Remove photo' });
      await remove.click();
      await dialog.getByText('No photo', { exact: true }).waitFor();
      await dialog
        .getByText(/skip: This person has no photo in Microsoft 365.*keeps what it shows/)
        .waitFor();
      expect(await remove.isDisabled()).toBe(true);
      await isDrawn(dialog.getByRole('img', { name: `Picture of ${name} in SharePoint` }));
      await local.page.keyboard.press('Escape');
      await onPage.is('Not in sync');
      await onPage.entries.filter({ hasText: `${name} has no photo any more` }).waitFor();
    });

    it('tells of a service that is throttled or down, of the next try, and of the recovery', async () => {
      const { onPage: throttled, name: first } = await take();
      await local.service('Graph', 'Throttled').check();
      await local.answer.getByText('Graph answers 429 with Retry-After 5.').waitFor();
      await throttled.newPicture.click();
      await throttled.entries.filter({ hasText: /^retry.*429.*tries again in \d s/ }).waitFor();
      await throttled.row.getByText(/^retry: .* Next try at \d\d:\d\d:\d\d\.$/).waitFor();
      await local.service('Graph', 'Up').check();

      const { onPage: refused } = await take();
      await local.service('SharePoint', 'Down').check();
      await local.feed.getByText('By a switch: SharePoint answers 503').waitFor();
      await refused.newPicture.click();
      await refused.entries
        .filter({ hasText: /^retry.*503.*tries again in \d s/ })
        .first()
        .waitFor();
      await refused.is('Not in sync');

      await local.page.getByRole('button', { name: 'All up' }).click();
      await refused.is('In sync');
      await (await local.person(first)).is('In sync');
    });

    it('can be used by keyboard alone', async () => {
      const { id, onPage } = await take();
      const { page, dialog } = local;
      await tabTo(onPage.newPicture);
      await page.keyboard.press('Enter');
      await onPage.entries.filter({ hasText: 'SharePoint shows the new photo' }).waitFor();

      await tabTo(onPage.more);
      await page.keyboard.press('Enter');
      await dialog.waitFor();
      await tabTo(dialog.getByRole('button', { name: 'Upload a file' }));
      await choose(() => page.keyboard.press('Enter'), await jpeg());
      await onPage.entries.filter({ hasText: 'SharePoint shows the new photo' }).nth(1).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await isFocused(onPage.more)).toBe(true);
      await journey!.inSync(id);
    });

    /** Goes on from where the focus is, and sees that one can see where that is. */
    async function tabTo(target: Locator): Promise<void> {
      await eventually('the focus is there', async () => {
        await local.page.keyboard.press('Tab');
        return isFocused(target);
      });
    }

    it('shows the subscription, and a sweep that one starts there', async () => {
      const { page, feed } = local;
      await page.getByText(/^ends in \d+ (days|h), not renewed yet$/).waitFor();
      await page.getByRole('button', { name: 'Sweep now' }).click();
      await journey!.log.next('sweep-finished');
      await page.getByText(/^complete, .* ago: \d+ people, \d+ changed/).waitFor();
      await feed.filter({ hasText: 'A sweep looked at 60 people' }).waitFor();
    });

    it('tells of a word about the subscription that the app refuses', async () => {
      const [subscription] = await journey!.control.subscriptions();
      const told = {
        ...{ subscriptionId: subscription!.id, clientState: 'guessed', lifecycleEvent: 'missed' },
        tenantId: '00000000-0000-0000-0000-000000000000',
      };
      await fetch(`${journey!.tenant.functionsUrl}/api/lifecycle`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ value: [told] }),
      });
      await local.feed.filter({ hasText: 'The app refused 1 word about its subscription' }).waitFor();
    });

    it('shows why the breaker stopped all writing, and asks before it lets the app go on', async () => {
      const { page } = local;
      const control = journey!.storage.table('PhotoSyncControl');
      const row = { partitionKey: 'control', rowKey: 'breaker', kind: 'removals', stopId: 'stop-1' };
      const since = new Date().toISOString();
      await control.upsertEntity({ ...row, reason: '<b>21 removals</b>', since, resumedAt: '' });
      // What is stored is shown as text, never as markup.
      await page.getByText('Stopped all writing: <b>21 removals</b>').waitFor();
      await page.getByText('BREAKER_RESUME=stop-1').waitFor();
      const person = await take();
      await person.onPage.newPicture.click();
      await isTold({ plan: 'stop', code: 'breaker' }, person);
      await person.onPage.is('Not in sync');

      const resume = page.getByRole('button', { name: 'Resume …' });
      await tabTo(resume);
      await page.keyboard.press('Enter');
      expect(await isFocused(page.getByRole('button', { name: 'No', exact: true }))).toBe(true);
      await page.keyboard.press('Enter');
      expect(await isFocused(resume)).toBe(true);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Shift+Tab');
      expect(await isFocused(page.getByRole('button', { name: 'Yes, write again' }))).toBe(true);
      await page.keyboard.press('Enter');
      await local.answer.getByText('The app starts again with BREAKER_RESUME.').waitFor();
      await eventually('the app is back', () => resumed.length > 0);
      expect(resumed).toEqual(['stop-1']);

      await page.getByRole('button', { name: 'Sweep now' }).click();
      await person.onPage.is('In sync');
      await page.getByText('Let go on after a stop').waitFor();
    });

    it('shows a removal that waits, a day later a picture that is gone, and then its files', async () => {
      const { page, answer } = local;
      const person = await take();
      const { name, onPage } = person;
      await onPage.newPicture.click();
      await isTold({ plan: 'apply' }, person);
      const dialog = await onPage.openDialog();
      await dialog.getByRole('button', { name: 'Remove photo' }).click();
      await isTold({ plan: 'confirm' }, person);
      await page.keyboard.press('Escape');
      await page.getByText(`${name}: gone for`).waitFor();

      const [aDayLater, sweepNow] = ['A day later', 'Sweep now'].map((button) =>
        page.getByRole('button', { name: button }),
      ) as [Locator, Locator];
      await tabTo(aDayLater);
      await page.keyboard.press('Enter');
      await answer.getByText('It is a day later in the tenant.').waitFor();
      await tabTo(sweepNow);
      await page.keyboard.press('Enter');
      await isTold({ plan: 'clear' }, person);
      await page.getByText(`${name}: cleared, files go in`).waitFor();
      await onPage.is('In sync');
      await aDayLater.click();
      await sweepNow.click();
      await page.getByText('None waits').waitFor();
      await journey!.audit.untouched(person.id);
    });

    it('has SharePoint take a photo by itself when somebody visits', async () => {
      const { name, onPage } = await take();
      const notify = local.page.getByRole('switch', { name: 'Graph notifies of photo changes' });
      await notify.uncheck();
      await onPage.newPicture.click();
      await onPage.is('Not in sync');
      await notify.check();
      const dialog = await onPage.openDialog();
      await dialog.getByRole('button', { name: 'Visit SharePoint' }).click();
      await local.answer
        .getByText(`${name} visits SharePoint: it shows its own thumbnails of the photo now.`)
        .waitFor();
      await dialog.getByText('In sync', { exact: true }).waitFor();
    });

    // Before files are refused: a browser notes every refusal in its console.
    it('never left its origin, and had nothing to complain of', () => {
      expect([...local.origins]).toEqual([journey!.tenant.pageUrl]);
      expect(local.problems).toEqual([]);
    });

    it.each([
      { what: 'a text', bytes: () => Buffer.from('me'), says: 'This is not a picture that can be read' },
      { what: 'an empty file', bytes: () => Buffer.alloc(0), says: 'The file is empty.' },
      { what: 'an SVG', bytes: () => Buffer.from(svg), says: 'Send a JPEG or PNG file, not svg.' },
      { what: '9 MB of noise', bytes: () => Buffer.alloc(9e6, 'noise'), says: 'This is not a picture' },
      { what: '21 MB', bytes: () => Buffer.alloc(21e6), says: 'The file is larger than 20 MB.' },
      {
        what: 'a picture cut off',
        bytes: async () => (await jpeg()).subarray(0, -999),
        says: 'This picture is damaged or cut off',
      },
    ])('refuses $what with a clear answer, and nothing is lost', async ({ bytes, says }) => {
      const { id, name, onPage } = await take();
      const before = await journey!.control.user(id);
      await onPage.openDialog();
      await upload(await bytes());
      await local.answer.getByText(`That didn’t work for ${name}. ${says}`).waitFor();
      expect(await journey!.control.user(id)).toEqual(before);
      await isDrawn(local.dialog.getByRole('img', { name: `Photo of ${name} in Microsoft 365` }));
    });
  });

  it('says that the app is missing, that the connection is lost, and when it is back', async () => {
    const start = (port: string) =>
      startSimulatorProcess({
        ...process.env,
        ...Object.fromEntries(Object.keys(anyPorts()).map((setting) => [setting, '0'])),
        SIM_PAGE_PORT: port,
        SIM_DATA_DIR: join(folder, 'tenant'),
        SIM_PEOPLE: '15',
      });
    let { child, ready } = await start('0');
    try {
      const { page, answer, person } = await openLocalPage(browser!, ready.pageUrl);
      await page.getByText('The app’s own log isn’t connected').waitFor();
      const name = (await page.getByRole('heading', { level: 3 }).first().textContent()) ?? '';
      const { newPicture, is } = await person(name);

      await child.stop();
      await page.getByText('Connection lost, trying again').waitFor();
      await newPicture.click();
      await answer.getByText(`That didn’t work for ${name}. The simulator can’t be reached.`).waitFor();

      ({ child, ready } = await start(new URL(ready.pageUrl).port));
      await page.getByText('Connected', { exact: true }).waitFor();
      await newPicture.click();
      await is('Not in sync');
    } finally {
      await child.stop();
    }
  });
});

const jpeg = () => samplePicture(400).jpeg().toBuffer();

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>';

/** That an image is there does not say that it shows anything. */
const isDrawn = (image: Locator) =>
  eventually('the image is drawn', async () => {
    await image.waitFor();
    return image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth > 0);
  });

/** Also visibly: with the ring that the page draws around what has the focus. */
const isFocused = (target: Locator) =>
  target.evaluate((element) =>
    (element as unknown as { matches(selector: string): boolean }).matches(':focus-visible'),
  );
