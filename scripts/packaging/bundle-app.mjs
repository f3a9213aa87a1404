import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The worker loads the file that `main` of package.json names. */
export const entryFile = 'app.mjs';

/**
 * Bundles the triggers, and apart from them the chunks that they load at first use.
 * - One entry file: with one for each trigger, a handshake waits for a dozen small files.
 * - ES modules, because only these can be split. Packages that are none still call `require`, which such a file lacks.
 * - Names and lines are kept: a stack in the log is to be read, and minified the app starts no sooner.
 * @param {string} root of the project.
 * @returns {Promise<{ files: { path: string, contents: Uint8Array }[], metafile: import('esbuild').Metafile }>}
 */
export async function bundleApp(root, outdir) {
  const triggers = (await readdir(join(root, 'src/functions'))).sort();
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: {
      contents: triggers.map((file) => `import './src/functions/${file}';`).join('\n'),
      resolveDir: root,
      sourcefile: entryFile,
    },
    outdir,
    entryNames: 'app',
    chunkNames: 'chunks/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // The first is the worker's, and no package of the registry. `debug` asks for the second and does without.
    external: ['@azure/functions-core', 'supports-color'],
    banner: {
      js: [
        "import { createRequire as createRequireOfBundle } from 'node:module';",
        'const require = createRequireOfBundle(import.meta.url);',
      ].join('\n'),
    },
    legalComments: 'inline',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  return { files: outputFiles.map(({ path, contents }) => ({ path, contents })), metafile };
}
