/**
 * A process that loads the built app as a host does and calls the receiver once. Prints the answer and the packages
 * that were loaded for it: `node call-receiver.cjs <dist folder> <function> <url> [body]`.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const [dist, name, url, body] = process.argv.slice(2);
const core = require(join(dist, 'simulator/function-host/core-module.js'));
const registry = core.createAppRegistry();
core.serveCoreModule(core.createCoreModule(registry, () => undefined));

for (const file of readdirSync(join(dist, 'functions'))) {
  if (file.endsWith('.js')) require(join(dist, 'functions', file));
}

const { HttpRequest, InvocationContext } = require('@azure/functions');
const headers = { 'content-type': body ? 'application/json' : 'text/plain; charset=utf-8' };
const request = new HttpRequest({
  method: 'POST',
  url,
  headers,
  query: Object.fromEntries(new URL(url).searchParams),
  ...(body && { body: { string: body } }),
});

registry.functions
  .get(name)
  .callback(request, new InvocationContext({ functionName: name }))
  .then((answer) => {
    const packages = Object.keys(require.cache).flatMap(
      (path) => /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1] ?? [],
    );
    const loaded = [...new Set(packages.map((name) => name.replace('\\', '/')))].sort();
    process.stdout.write(JSON.stringify({ status: answer.status, body: answer.body, loaded }));
  });
