#!/usr/bin/env node
/**
 * Grants the app's identity its rights in the tenant, or takes them away. Needs Node.js and the Azure CLI, and nothing
 * installed: whoever runs it holds the highest roles, and should be able to read all of it (infra/grant).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { readOptions, usage } from './grant/options.mjs';
import { OutOfReach, Refused, WrongUse } from './grant/problems.mjs';
import { checkRights, grantRights, printAfter, printCommands, revokeRights } from './grant/take-steps.mjs';

/** Data goes to stdout, talk to stderr. */
const tell = (sentence) => process.stderr.write(`${sentence}\n`);
const print = (lines) => process.stdout.write(`${lines.join('\n')}\n`);

async function main(args) {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions(args, process.env);
  const isJson = options.output === 'json';
  const deps = {
    tell,
    print: isJson ? (lines) => tell(lines.join('\n')) : print,
    sleep: wait,
    waitSeconds: options.waitSeconds,
  };
  if (options.mode === 'print') {
    printCommands({ ...deps, print }, options);
    return 0;
  }
  if (options.mode === 'hook') return runHook(deps, options);
  if (options.mode === 'check') {
    const found = await checkRights(deps, options);
    print([isJson ? JSON.stringify(found) : `${found.held.length} roles held`]);
    return 0;
  }
  const outcome = await (options.revoke ? revokeRights : grantRights)(deps, options);
  if (isJson) print([JSON.stringify(outcome)]);
  const isDone = outcome.missing.length === 0 && outcome.sites.every(({ state }) => isSettled(state));
  return isDone ? 0 : 1;
}

const isSettled = (state) => state === 'granted' || state === 'revoked';

/** A deployment must not fail because somebody else has to grant the rights. */
async function runHook(deps, options) {
  if (!options.principalId) {
    tell('There is no IDENTITY_PRINCIPAL_ID: provision first.');
    return 0;
  }
  try {
    await grantRights(deps, options);
  } catch (error) {
    printAfter(deps, options, error);
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tell(
    error instanceof WrongUse
      ? `${error.message}\n"node infra/grant.mjs --help" tells how it is used.`
      : error.message,
  );
  const isKnown = [WrongUse, OutOfReach, Refused].some((kind) => error instanceof kind);
  const isHook = process.argv.includes('--hook');
  process.exitCode = isHook ? 0 : isKnown ? error.exitCode : 1;
}
