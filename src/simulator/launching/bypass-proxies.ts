/**
 * Everything here is on this machine, where no proxy of the network can reach it, and Azure's libraries would use the one
 * that the environment names.
 */
export function bypassProxies(environment: NodeJS.ProcessEnv): void {
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const hosts = environment[name]?.split(',').filter(Boolean) ?? [];
    environment[name] = [...new Set([...hosts, '127.0.0.1', 'localhost'])].join(',');
  }
}
