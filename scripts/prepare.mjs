/**
 * Runs before start, simulator, test and bench: installs what package-lock.json asks for and is not there, builds dist/
 * if a source is newer, and makes the package that the local tenant runs. Says nothing where nothing is to do. Uses nothing but Node and npm.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const oldestNode = [20, 19];

checkNode();
if (!isInstalled()) install();
if (!isBuilt()) build();
run(process.execPath, [join(root, 'scripts', 'package.mjs'), '--when-stale']);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(
    `This needs Node ${oldestNode.join('.')} or newer; here is ${process.versions.node}. https://nodejs.org`,
  );
}

/**
 * npm notes what it has installed in a lockfile of its own, so that one who ran `npm install` is not made to wait
 * again. A package that another system needs may be missing.
 */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = readJson(installedFile).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === wanted.version : wanted.optional === true;
  });
}

function install() {
  say('Installing packages …');
  // No package needs its install script, so none gets to run one.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error']);
}

/** The stamp is written after a build without errors only, so that a failed one is tried again. */
function isBuilt() {
  const stamp = join(root, 'dist', '.built');
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const inputs = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) =>
    join(root, name),
  );
  const sources = filesUnder(join(root, 'src')).filter((file) => file.endsWith('.ts'));
  return [...inputs, ...sources].every((file) => statSync(file).mtimeMs < built) && orphans().length === 0;
}

function build() {
  say('Building …');
  for (const orphan of orphans()) rmSync(orphan);
  const started = new Date();
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  const stamp = join(root, 'dist', '.built');
  writeFileSync(stamp, '');
  // What was saved while the compiler ran counts as newer.
  utimesSync(stamp, started, started);
}

/** Outputs whose source is gone: the function host would still load them. */
function orphans() {
  const dist = join(root, 'dist');
  if (!existsSync(dist)) return [];
  return filesUnder(dist).filter((file) => {
    const source = join(root, 'src', file.slice(dist.length + 1)).replace(/\.js(\.map)?$/, '.ts');
    return source.endsWith('.ts') && !existsSync(source);
  });
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

function run(command, args) {
  // On Windows npm is a script, and needs a shell.
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed.`);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
