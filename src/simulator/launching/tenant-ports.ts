/** Every port of the local tenant, with the setting that moves it. */
export const tenantPorts = [
  { setting: 'SIM_PAGE_PORT', usual: 7080, serves: 'the page' },
  { setting: 'SIM_GRAPH_PORT', usual: 7081, serves: 'the simulated Microsoft Graph' },
  { setting: 'SIM_ROOT_PORT', usual: 7082, serves: 'the simulated SharePoint root site' },
  { setting: 'SIM_MYSITE_PORT', usual: 7083, serves: 'the simulated My Site host' },
  { setting: 'SIM_ADMIN_PORT', usual: 7084, serves: 'the simulated SharePoint admin site' },
  { setting: 'SIM_IDENTITY_PORT', usual: 7085, serves: 'the simulated identity endpoint' },
  { setting: 'FUNCTIONS_PORT', usual: 7071, serves: 'the function host' },
  { setting: 'AZURITE_BLOB_PORT', usual: 10_000, serves: "Azurite's blobs" },
  { setting: 'AZURITE_QUEUE_PORT', usual: 10_001, serves: "Azurite's queues" },
  { setting: 'AZURITE_TABLE_PORT', usual: 10_002, serves: "Azurite's tables" },
] as const;

export type PortSetting = (typeof tenantPorts)[number]['setting'];

/** 0 is any free port. @throws Error that names every setting that is no port. */
export function readTenantPorts(
  environment: Record<string, string | undefined>,
): Record<PortSetting, number> {
  const entries = tenantPorts.map(
    ({ setting, usual }) => [setting, Number(environment[setting] || usual)] as const,
  );
  const wrong = entries.filter(([, port]) => !Number.isInteger(port) || port < 0 || port > 65_535);
  if (wrong.length > 0) {
    throw new Error(`${wrong.map(([setting]) => setting).join(', ')} must be a port number from 0 to 65535.`);
  }
  return Object.fromEntries(entries) as Record<PortSetting, number>;
}

/** Any free port for each. */
export function anyPorts(): Record<PortSetting, number> {
  return Object.fromEntries(tenantPorts.map(({ setting }) => [setting, 0])) as Record<PortSetting, number>;
}
