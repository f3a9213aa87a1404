import { decideUninstalled, type UninstallFacts } from '../../src/cli/decide-uninstalled';

const done = {
  ...{ doneAt: '2026-11-24T09:00:00Z', restoresAll: true, subscriptionsLeft: 0 },
  ...{ restored: 2, notRestored: 1, open: 0 },
};
const open = { ...done, doneAt: '', open: 3, subscriptionsLeft: 1 };
const clean: UninstallFacts = {
  ...{ isAppThere: true, mode: 'remove', record: done, subscribedUntil: undefined, roles: [] },
  ...{ sites: [{ host: 'contoso-my.sharepoint.com', state: 'revoked' }], areSitesDone: false },
};
const site = (state: 'granted' | 'unknown'): Partial<UninstallFacts> => ({
  sites: [{ host: 'contoso-my.sharepoint.com', state }],
});

it.each<{ when: string; facts: Partial<UninstallFacts>; isSafe: boolean; says: RegExp }>([
  { when: 'all is done', facts: {}, isSafe: true, says: /^$/ },
  { when: 'the app still works', facts: { mode: 'apply' }, isSafe: false, says: /SYNC_MODE is apply/ },
  { when: 'its mode is not set', facts: { mode: '' }, isSafe: false, says: /SYNC_MODE is not set/ },
  { when: 'it has not begun', facts: { record: undefined }, isSafe: false, says: /no record yet/ },
  {
    when: 'it is at it',
    facts: { record: open },
    isSafe: false,
    says: /3 people are open, and 1 subscriptions/,
  },
  {
    when: 'its word is of an earlier removal',
    facts: { subscribedUntil: '2026-12-20T09:00:00Z' },
    isSafe: false,
    says: /not taken itself out yet/,
  },
  {
    when: 'a role is left',
    facts: { roles: ['User.Read.All on Microsoft Graph'] },
    isSafe: false,
    says: /User.Read.All on Microsoft Graph: a Privileged Role/,
  },
  {
    when: 'a site is open',
    facts: site('granted'),
    isSafe: false,
    says: /may still write on contoso-my.*SharePoint Administrator/,
  },
  {
    when: 'a site is not shown',
    facts: site('unknown'),
    isSafe: false,
    says: /not shown to the Azure CLI.*--sites-done/,
  },
  {
    when: 'somebody has seen to the site',
    facts: { ...site('unknown'), areSitesDone: true },
    isSafe: true,
    says: /^$/,
  },
  {
    when: 'somebody says so of a site that is open',
    facts: { ...site('granted'), areSitesDone: true },
    isSafe: false,
    says: /may still write/,
  },
  {
    when: 'the app went when it was done',
    facts: { isAppThere: false, mode: undefined },
    isSafe: true,
    says: /^$/,
  },
  {
    when: 'the app went before',
    facts: { isAppThere: false, mode: undefined, record: open, subscribedUntil: '2026-12-20T09:00:00Z' },
    isSafe: true,
    says: /nobody answers until 2026-12-20T09:00:00Z.*files named m365-.*--restore/s,
  },
  {
    when: 'the app and its storage went',
    facts: { isAppThere: false, mode: undefined, record: undefined },
    isSafe: true,
    says: /29 days after it was last renewed/,
  },
  {
    when: 'the app went, and its roles did not',
    facts: { isAppThere: false, mode: undefined, record: done, roles: ['x on y'] },
    isSafe: false,
    says: /They end with the identity/,
  },
])('Deleting all is judged where $when', ({ facts, isSafe, says }) => {
  const outcome = decideUninstalled({ ...clean, ...facts });
  expect(outcome.isSafe).toBe(isSafe);
  expect(outcome.remains.join('\n')).toMatch(says);
});
