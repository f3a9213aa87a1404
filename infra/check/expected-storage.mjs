import { is, lastPart, look } from './look.mjs';

const roleNames = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
};

/** What holds of both storage accounts, with and without a network. */
export function expectedStorage(resources) {
  const accounts = look(resources).of('Microsoft.Storage/storageAccounts');
  const each = (property, expected) =>
    is(
      accounts.map(({ properties }) => properties[property]),
      [expected, expected],
    );
  return [
    ['storage: no shared keys', each('allowSharedKeyAccess', false)],
    ['storage: no public blobs', each('allowBlobPublicAccess', false)],
    ['storage: TLS 1.2', each('minimumTlsVersion', 'TLS1_2')],
    ['storage: https only', each('supportsHttpsTrafficOnly', true)],
    ['storage: not copied to another tenant', each('allowCrossTenantReplication', false)],
    [
      'storage: the container is private',
      is(
        look(resources)
          .of('Microsoft.Storage/storageAccounts/blobServices/containers')
          .map(({ properties }) => properties.publicAccess),
        ['None'],
      ),
    ],
  ];
}

/** Each role assignment: to whom, which role, on what. */
export function expectedRoles(resources, adminType) {
  const found = look(resources)
    .of('Microsoft.Authorization/roleAssignments')
    .map(({ id, properties }) => {
      const scope = lastPart(id.split('/providers/Microsoft.Authorization/')[0]).split('4uk')[0];
      const role = roleNames[lastPart(properties.roleDefinitionId)] ?? properties.roleDefinitionId;
      const isApp = properties.principalId.includes('/userAssignedIdentities/id-');
      return `${isApp ? 'the app' : 'admins'} (${properties.principalType}): ${role} on ${scope}`;
    });
  return [
    [
      'roles: no more than is needed, each on its own resource',
      is(found.sort(), [
        `admins (${adminType}): Storage Queue Data Contributor on ststate`,
        `admins (${adminType}): Storage Table Data Contributor on ststate`,
        'the app (ServicePrincipal): Monitoring Metrics Publisher on appi-',
        'the app (ServicePrincipal): Storage Blob Data Owner on sthost',
        'the app (ServicePrincipal): Storage Queue Data Contributor on ststate',
        'the app (ServicePrincipal): Storage Table Data Contributor on sthost',
        'the app (ServicePrincipal): Storage Table Data Contributor on ststate',
      ]),
    ],
  ];
}

const secret = /listKeys|AccountKey|SharedAccessSignature|DefaultEndpointsProtocol|[?&]sig=|ClientSecret/i;

/** No template asks for a key, and none stands in one. */
export function expectedSecrets(resources) {
  const found = resources.filter((resource) => secret.test(JSON.stringify(resource)));
  return [
    [
      'no key, secret or connection string of Storage',
      is(
        found.map(({ name }) => name),
        [],
      ),
    ],
  ];
}
