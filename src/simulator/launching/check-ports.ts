import { isPortFree } from './free-port';
import { tenantPorts, type PortSetting } from './tenant-ports';

/** @returns a sentence for each port that can't be had, with the setting that moves it. */
export async function findPortProblems(ports: Record<PortSetting, number>): Promise<string[]> {
  const takenBy = new Map<number, PortSetting>();
  const problems: string[] = [];
  for (const { setting, serves } of tenantPorts) {
    const port = ports[setting];
    if (port === 0) continue;
    const other = takenBy.get(port);
    takenBy.set(port, setting);
    if (other) {
      problems.push(`${setting} and ${other} are both ${String(port)}: give one of them another port.`);
    } else if (!(await isPortFree(port))) {
      problems.push(`Port ${String(port)}, for ${serves}, is in use: set ${setting} to another port.`);
    }
  }
  return problems;
}
