import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFolder, projectRoot } from '../src/simulator/launching/project-root';

/** What is deployed, as it lies in dist-package/. Every journey runs a copy of it, in a folder with nothing else around. */

jest.setTimeout(90_000);

/** What esbuild says it made, of what: https://esbuild.github.io/api/#metafile */
interface Account {
  outputs: Record<
    string,
    {
      bytes: number;
      inputs: Record<string, { bytesInOutput: number }>;
      imports: { path: string; kind: string; external?: boolean }[];
    }
  >;
}

const fixedFiles = [
  'LICENSE',
  'THIRD-PARTY-NOTICES.txt',
  'app.mjs',
  'host.json',
  'package.json',
  'sbom.cdx.json',
];

let files: Map<string, string>;
let outputs: Account['outputs'];

beforeAll(async () => {
  files = await filesIn(packageFolder);
  const account = await readFile(`${packageFolder}.meta.json`, 'utf8');
  outputs = Object.fromEntries(
    Object.entries((JSON.parse(account) as Account).outputs).map(([path, output]) => [shorten(path), output]),
  );
});

async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string) =>
    [path.slice(folder.length + 1).replaceAll('\\', '/'), await readFile(path, 'utf8')] as const;
  return new Map(await Promise.all(paths.sort().map(read)));
}

/** esbuild names an output with the folder in which it was made. */
const shorten = (path: string) => path.replace(/^.*?dist-package[^/]*\//, '');

const inputsOf = (names: string[]) =>
  names.flatMap((name) =>
    Object.entries(outputs[name]!.inputs).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput ? [file] : [],
    ),
  );

/** The folders of the npm packages of which there is any code. */
const packagesOf = (names: string[]) => [
  ...new Set(
    inputsOf(names).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  ),
];

const readJson = (name: string) => JSON.parse(files.get(name)!) as unknown;

it('holds the bundle, what the host and the worker read, and what its licences ask for; nothing else', () => {
  const chunks = Object.keys(outputs).filter((name) => name !== 'app.mjs');
  for (const chunk of chunks) expect(chunk).toMatch(/^chunks\/[a-z-]+-[A-Z0-9]{8}\.mjs$/);
  expect([...files.keys()].sort()).toEqual([...fixedFiles, ...chunks].sort());
});

it('names its entry file for the worker, and has nothing to install or to run', async () => {
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'));
  expect(readJson('package.json')).toEqual({
    name: 'photo-sync-for-sharepoint',
    version,
    private: true,
    description: expect.any(String),
    license: 'MIT',
    main: 'app.mjs',
  });
  expect(files.get('host.json')).toBe(await readFile(join(projectRoot, 'host.json'), 'utf8'));
});

it('asks for no module but Node’s own and the worker’s, and for one that may be missing', () => {
  const asked = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  const others = new Set(asked.filter((path) => !builtinModules.includes(path.replace(/^node:/, ''))));
  expect([...others].sort()).toEqual(['@azure/functions-core', 'supports-color']);
});

it('has nothing of the local tenant and of the admin’s tool', () => {
  const sources = inputsOf(Object.keys(outputs)).filter((file) => file.startsWith('src/'));
  expect(sources).toContain('src/functions/scrub-errors.ts');
  expect(sources.filter((file) => /^src\/(simulator|cli)\//.test(file))).toEqual([]);
  expect([...files].filter(([, text]) => text.includes('x-sim'))).toEqual([]);
});

it.each([
  { what: 'a folder of the machine that made it', pattern: () => new RegExp(escape(projectRoot)) },
  { what: 'a home folder', pattern: () => new RegExp(`${escape(homedir())}[/\\\\]|/home/[a-z]`) },
  { what: 'a private key', pattern: () => /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,4}[A-Za-z0-9+/]{16}/ },
  { what: 'a token', pattern: () => /eyJ[\w-]{16,}\.eyJ[\w-]{16,}\./ },
  { what: 'an address of the local tenant', pattern: () => /127\.0\.0\.1:(7|8)\d{3}/ },
])('does not hold $what', ({ pattern }) => {
  expect([...files].filter(([, text]) => pattern().test(text)).map(([name]) => name)).toEqual([]);
});

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('loading', () => {
  /** A file and all that it can't be loaded without. */
  const withImports = (name: string): string[] => {
    const found = new Set([name]);
    for (const one of found) {
      for (const { path, kind, external } of outputs[one]!.imports) {
        if (kind === 'import-statement' && !external) found.add(shorten(path));
      }
    }
    return [...found];
  };
  const bytesOf = (names: string[]) => names.reduce((sum, name) => sum + outputs[name]!.bytes, 0);

  it('takes little for a handshake: the triggers and the library of the Functions', () => {
    const loaded = withImports('app.mjs');
    expect(bytesOf(loaded)).toBeLessThan(250_000);
    const packages = packagesOf(loaded).map((folder) => folder.replace('node_modules/', ''));
    expect(packages.sort()).toEqual(['@azure/functions', '@azure/functions-extensions-base', 'cookie']);
  });

  it('takes less than 4 MB for everything', () => {
    const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThan(4_000_000);
  });
});

describe('licences', () => {
  interface Component {
    name: string;
    version: string;
    licenses?: unknown[];
  }

  it('names every package of which it holds code, with the text of its licence, and lists it in the bill', async () => {
    const bill = readJson('sbom.cdx.json') as { components: Component[] };
    const notices = files.get('THIRD-PARTY-NOTICES.txt')!;
    const sections = notices.split(`${'='.repeat(80)}\n`).slice(1);
    const folders = packagesOf(Object.keys(outputs));
    expect(folders.length).toBeGreaterThan(40);
    expect(sections).toHaveLength(folders.length);
    for (const folder of folders) {
      const manifest = await readFile(join(projectRoot, folder, 'package.json'), 'utf8');
      const { name, version, license } = JSON.parse(manifest);
      expect(notices).toContain(`\n${name} ${version} (${license})\n`);
      const section = sections.find((text) => text.startsWith(`${name} ${version}\nLicence: ${license}\n`));
      // The shortest licence of all, 0BSD, has 600 characters.
      expect(section?.length).toBeGreaterThan(600);
      expect(section).toMatch(/copyright/i);
      expect(bill.components).toContainEqual(expect.objectContaining({ name, version }));
    }
  });

  it('lists in the bill of materials what the lockfile says is for production, with nothing of development', async () => {
    const { bomFormat, metadata, components } = readJson('sbom.cdx.json') as {
      bomFormat: string;
      metadata: { component: { name: string } };
      components: Component[];
    };
    expect([bomFormat, metadata.component.name]).toEqual(['CycloneDX', 'photo-sync-for-sharepoint']);
    const lock = JSON.parse(await readFile(join(projectRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string; dev?: boolean }>;
    };
    const locked = Object.entries(lock.packages)
      .filter(([path, { dev }]) => path !== '' && !dev)
      .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')} ${version}`);
    expect(components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
      [...new Set(locked)].sort(),
    );
    expect(components.filter(({ licenses }) => !licenses?.length)).toEqual([]);
  });
});

it('comes out the same when it is made again, byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'photo-sync-package-'));
  try {
    const again = join(folder, 'dist-package');
    await promisify(execFile)(process.execPath, [join(projectRoot, 'scripts/package.mjs'), again]);
    expect([...(await filesIn(again))]).toEqual([...files]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
