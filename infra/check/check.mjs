/**
 * Checks the templates without Azure: format, lint, build, and what they would deploy. Prints a line a check.
 * `bicep` warns and exits with 0, so that any output counts as a failure.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedDefaults } from './expected-defaults.mjs';
import { expectedEverything } from './expected-everything.mjs';
import { expectedParameters } from './expected-parameters.mjs';
import { findBicep } from './find-bicep.mjs';

const infra = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'infra-check-'));
const madeUp = {
  'tenant-id': '44444444-4444-4444-8444-444444444444',
  'subscription-id': '55555555-5555-4555-8555-555555555555',
  location: 'westeurope',
  'deployment-name': 'check',
};
let held = 0;
let failed = 0;

const { bicep, problem } = findBicep();
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
try {
  check();
} finally {
  rmSync(work, { recursive: true });
}
process.stdout.write(`infra: ${held} checks hold, ${failed} do not\n`);
process.exitCode = failed === 0 ? 0 : 1;

function check() {
  cpSync(infra, work, { recursive: true });
  useOwnGraphTypes();

  tell('format', run('format', ['--pattern', '**/*.bicep*']));
  for (const file of templates('.bicep').concat(templates('.bicepparam'))) {
    tell(`format: ${file}`, read(work, file) === read(infra, file) || 'run `bicep format` on it');
  }
  tell('lint: every rule an error, no output', run('lint', ['--pattern', '**/*.bicep']));
  tell('build: every template', run('build', ['--pattern', '**/*.bicep']));
  for (const file of templates('.bicepparam')) tell(`build: ${file}`, run('build-params', [file]));

  const main = JSON.parse(read(work, 'main.json'));
  const given = JSON.parse(read(work, 'main.parameters.json'));
  for (const [what, holds] of expectedParameters(main, given)) tell(`parameters: ${what}`, holds);
  const variants = { defaults: expectedDefaults, everything: expectedEverything };
  for (const [variant, expected] of Object.entries(variants)) {
    const file = `check/${variant}.bicepparam`;
    const options = Object.entries(madeUp).flatMap(([name, value]) => [`--${name}`, value]);
    if (!tell(`snapshot: ${variant}`, run('snapshot', [file, '--mode', 'overwrite', ...options]))) continue;
    const snapshot = JSON.parse(read(work, `check/${variant}.snapshot.json`));
    tell(`${variant}: no diagnostics`, snapshot.diagnostics.length === 0);
    for (const [what, holds] of expected(snapshot.predictedResources, main))
      tell(`${variant}: ${what}`, holds);
  }
}

/** The published types of Microsoft Graph are fetched from a registry of containers; these few stand in for them. */
function useOwnGraphTypes() {
  const config = JSON.parse(read(work, 'bicepconfig.json'));
  const extension = join(work, 'graph-types.tgz');
  const types = join(work, 'check', 'graph-types', 'index.json');
  run('publish-extension', [types, '--target', extension, '--force']);
  config.extensions.microsoftGraphV1 = extension;
  writeFileSync(join(work, 'bicepconfig.json'), JSON.stringify(config));
}

/** @returns true, or what the CLI said. */
function run(command, args) {
  const { status, stdout, stderr } = spawnSync(bicep, [command, ...args], { cwd: work, encoding: 'utf8' });
  const said = `${stdout}${stderr}`.trim();
  return (status === 0 && said === '') || said || `exit code ${status}`;
}

function tell(what, holds) {
  if (holds === true) held += 1;
  else failed += 1;
  const why = typeof holds === 'string' ? `: ${holds.replaceAll(work, 'infra')}` : '';
  process.stdout.write(holds === true ? `ok    ${what}\n` : `FAILS ${what}${why}\n`);
  return holds === true;
}

function templates(ending) {
  return readdirSync(infra, { recursive: true })
    .filter((file) => file.endsWith(ending))
    .sort();
}

function read(folder, file) {
  return readFileSync(join(folder, file), 'utf8');
}
