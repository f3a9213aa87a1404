import { createServer, type AddressInfo } from 'node:net';
import { findPortProblems } from '../../../src/simulator/launching/check-ports';
import { findFreePort } from '../../../src/simulator/launching/free-port';
import { anyPorts, readTenantPorts } from '../../../src/simulator/launching/tenant-ports';

it('knows the usual ports, and lets the environment move each', () => {
  expect(readTenantPorts({ SIM_GRAPH_PORT: '9000', FUNCTIONS_PORT: '' })).toMatchObject({
    SIM_GRAPH_PORT: 9000,
    SIM_PAGE_PORT: 7080,
    FUNCTIONS_PORT: 7071,
    AZURITE_TABLE_PORT: 10_002,
  });
});

it.each(['seven', '-1', '70000', '1.5'])('refuses %s as a port, naming the setting', (port) => {
  expect(() => readTenantPorts({ SIM_PAGE_PORT: port })).toThrow('SIM_PAGE_PORT must be a port number');
});

it('has nothing to say about free ports', async () => {
  expect(await findPortProblems({ ...anyPorts(), SIM_PAGE_PORT: await findFreePort() })).toEqual([]);
});

it('names a port in use, what it is for and the setting that moves it', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const { port } = occupant.address() as AddressInfo;
  expect(await findPortProblems({ ...anyPorts(), SIM_GRAPH_PORT: port })).toEqual([
    `Port ${String(port)}, for the simulated Microsoft Graph, is in use: set SIM_GRAPH_PORT to another port.`,
  ]);
  occupant.close();
});

it('finds one port given twice', async () => {
  const port = await findFreePort();
  const problems = await findPortProblems({ ...anyPorts(), SIM_ROOT_PORT: port, SIM_ADMIN_PORT: port });
  expect(problems).toEqual([
    `SIM_ADMIN_PORT and SIM_ROOT_PORT are both ${String(port)}: give one of them another port.`,
  ]);
});
