import { readFile } from 'node:fs/promises';

/** The most memory a process ever had resident, in MB, as Linux counts it. Undefined on other systems. */
export async function peakMemoryMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
