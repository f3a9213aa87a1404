import { loadConfig } from '../../src/config';
import { decideDoctor, doctorFacts } from '../../src/writing/decide-doctor';
import { alex, tenantId } from '../support/ids';

const least = {
  TENANT_ID: tenantId,
  SHAREPOINT_TENANT: 'contoso',
  NOTIFICATION_URL: 'https://photos.example/n',
};
const factsOf = (settings: Record<string, string> = {}) => doctorFacts(loadConfig({ ...least, ...settings }));
const passed = { passedAt: '2026-11-24T09:00:00Z', ...factsOf() };

it.each([
  { when: 'it is not asked for', row: undefined, need: { isRequired: false, ...factsOf() }, then: undefined },
  {
    when: 'it never passed',
    row: undefined,
    need: { isRequired: true, ...factsOf() },
    then: /has not passed yet.*photosync doctor/,
  },
  { when: 'it passed', row: passed, need: { isRequired: true, ...factsOf() }, then: undefined },
  {
    when: 'the identity is another since',
    ...{ row: passed, need: { isRequired: true, ...factsOf({ AZURE_CLIENT_ID: alex }) } },
    then: /another identity.*photosync doctor/,
  },
  ...[
    { SHAREPOINT_TENANT: 'fabrikam' },
    { PROFILE_HOST: 'root' },
    { PROFILE_WRITE: 'rest' },
    { SHAREPOINT_GEOS: 'https://contosoeur-my.sharepoint.com=https://contosoeur-admin.sharepoint.com' },
  ].map((settings) => ({
    when: `${Object.keys(settings).join()} is another since`,
    ...{ row: passed, need: { isRequired: true, ...factsOf(settings) } },
    then: /other SharePoint settings/,
  })),
])('The doctor stands in the way or does not: $when', ({ row, need, then }) => {
  const reason = decideDoctor(row, need);
  if (then) expect(reason).toMatch(then);
  else expect(reason).toBeUndefined();
});
