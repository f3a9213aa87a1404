import type { Browser, Locator, Page } from 'playwright-core';

const wide = { width: 1280, height: 900 };

/** The local tenant's page in a browser, by what somebody who uses it sees and hears. */
export interface LocalPage {
  page: Page;
  /** Where what was done is answered, in one sentence. */
  answer: Locator;
  /** What happened, newest first. */
  feed: Locator;
  dialog: Locator;
  /** Errors and warnings in the console, and what the page's code threw. */
  problems: string[];
  /** Every host that was asked for something. */
  origins: Set<string>;
  /** Brings a person into view. */
  person(name: string): Promise<PersonOnPage>;
  /** The switch of a service, at this position. */
  service(name: 'Graph' | 'SharePoint' | 'Identity', position: 'Up' | 'Throttled' | 'Down'): Locator;
}

export interface PersonOnPage {
  row: Locator;
  newPicture: Locator;
  more: Locator;
  /** Waits until the row says this between the two pictures. */
  is(verdict: 'In sync' | 'Not in sync'): Promise<void>;
  /** Entries of the feed that name this person. */
  entries: Locator;
  openDialog(): Promise<Locator>;
}

export async function openLocalPage(browser: Browser, pageUrl: string): Promise<LocalPage> {
  const page = await browser.newPage({ viewport: wide });
  page.setDefaultTimeout(20_000);
  const problems: string[] = [];
  const origins = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  // Whoever listens only when the key is about to be pressed may be too late to catch the chooser.
  page.on('filechooser', () => undefined);
  await page.goto(pageUrl);
  await page.getByText('Connected', { exact: true }).waitFor();

  const feed = page.getByRole('region', { name: 'Activity, newest first' }).getByRole('listitem');
  const dialog = page.getByRole('dialog');
  return {
    page,
    feed,
    dialog,
    problems,
    origins,
    answer: page.locator('.said'),
    service: (name, position) =>
      page.getByRole('group', { name }).getByRole('radio', { name: position, exact: true }),
    person: async (name) => {
      await page.getByRole('searchbox', { name: 'Find a person' }).fill(name);
      const row = page
        .getByRole('list', { name: 'People and their pictures' })
        .getByRole('listitem')
        .filter({ has: page.getByRole('heading', { name, exact: true }) });
      await row.waitFor();
      const more = row.getByRole('button', { name: 'More about' });
      return {
        row,
        more,
        newPicture: row.getByRole('button', { name: 'New picture' }),
        is: (verdict) => row.getByText(verdict, { exact: true }).waitFor(),
        entries: feed.filter({ hasText: name }),
        openDialog: async () => {
          await more.click();
          await dialog.waitFor();
          return dialog;
        },
      };
    },
  };
}
