import type { Simulator } from '../start-simulator';
import { readReadyLine, startChild, type ChildHandle } from './child-process';

/** What the simulator says when it serves. */
export type SimulatorReady = Omit<Simulator, 'tokens' | 'stop'>;

export async function startSimulatorProcess(
  environment: Record<string, string | undefined>,
  onErrorLine?: (line: string) => void,
): Promise<{ child: ChildHandle; ready: SimulatorReady }> {
  return startChild<SimulatorReady>({
    name: 'The simulator',
    script: 'dist/simulator/simulator.js',
    environment,
    readReady: (line) => readReadyLine(line, 'simulator') as SimulatorReady | undefined,
    ...(onErrorLine && { onErrorLine }),
  });
}
