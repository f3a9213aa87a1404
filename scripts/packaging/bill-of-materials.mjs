import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The software bill of materials of what is deployed: every production dependency in the lockfile, in CycloneDX, as
 * npm writes it. It is asked about a lockfile without the rest, since `npm sbom --omit dev` also leaves out what both
 * production and development need.
 */
export function billOfMaterials(root) {
  const lock = readJson(join(root, 'package-lock.json'));
  const kept = Object.entries(lock.packages).filter(([, { dev }]) => !dev);
  lock.packages = Object.fromEntries(
    kept.map(([path, details]) => [path, without('devDependencies', details)]),
  );
  const manifest = without('devDependencies', readJson(join(root, 'package.json')));

  const scratch = mkdtempSync(join(tmpdir(), 'photo-sync-sbom-'));
  try {
    // npm takes the folder's name for the app's.
    const folder = join(scratch, lock.name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
      cwd: folder,
      encoding: 'utf8',
      // On Windows npm is a script, and needs a shell.
      shell: process.platform === 'win32',
    });
    return `${JSON.stringify(reproducible(JSON.parse(text)), undefined, 2)}\n`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Without what differs from run to run, both optional in CycloneDX. */
function reproducible(bill) {
  return { ...without('serialNumber', bill), metadata: without('timestamp', bill.metadata) };
}

function without(key, object) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
