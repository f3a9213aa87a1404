import { prepareDataFolder } from './launching/data-folder';
import { readSettings } from './settings';
import { StartProblem } from './start-problem';
import { startSimulator } from './start-simulator';

/** Starts the local tenant, says where in one line of JSON, and stops at SIGTERM or Ctrl-C. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  await prepareDataFolder(settings.dataDir, false);
  const simulator = await startSimulator(settings);
  const { pageUrl, graphUrl, rootUrl, mySiteUrl, adminUrl, geo, identityUrl, caFile } = simulator;
  process.stdout.write(
    `${JSON.stringify({ ready: 'simulator', pageUrl, graphUrl, rootUrl, mySiteUrl, adminUrl, geo, identityUrl, caFile })}\n`,
  );
  const stop = () => {
    void simulator.stop().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const told = error instanceof Error && !(error instanceof StartProblem) ? error.stack : undefined;
  process.stderr.write(`${told ?? (error as Error).message}\n`);
  process.exit(1);
});
