import type { AppFunction } from './app-functions';

export interface RouteMatch {
  target: AppFunction;
  params: Record<string, string>;
}

interface Route {
  target: AppFunction;
  methods: readonly string[];
  pattern: RegExp;
  params: string[];
}

/**
 * The app's HTTP routes. They are tried in the order of the functions' names, as in the real host: the first whose
 * template and method fit wins, and a wrong method is a 404.
 * @throws Error for a template that this host can't serve.
 */
export function createRoutes(functions: readonly AppFunction[], routePrefix: string) {
  const routes = functions.flatMap((target): Route[] => {
    if (target.trigger.kind !== 'http') return [];
    const { methods, route } = target.trigger;
    return [{ target, methods, ...compile(`${routePrefix}/${route}`) }];
  });

  /** @param path decoded or not, without the query. */
  return (method: string, path: string): RouteMatch | undefined => {
    for (const { target, methods, pattern, params } of routes) {
      const found = methods.includes(method) ? pattern.exec(path) : null;
      if (!found) continue;
      const values = params.flatMap((name, index) => {
        const value = found[index + 1];
        return value ? [[name, decodeKeepingSlash(value)]] : [];
      });
      return { target, params: Object.fromEntries(values) as Record<string, string> };
    }
    return undefined;
  };
}

/** `{name}`, `{name?}` and `{*rest}`; literals in any case. */
function compile(template: string): { pattern: RegExp; params: string[] } {
  const params: string[] = [];
  const segments = template
    .split('/')
    .filter(Boolean)
    .map((segment) => {
      const [, rest, name, optional] = /^\{(\*?)(\w+)(\??)\}$/.exec(segment) ?? [];
      if (name === undefined) {
        if (/[{}]/.test(segment)) {
          throw new Error(
            `Its route segment "${segment}" is not served by this host: only {name}, {name?} and {*rest} are.`,
          );
        }
        return `/${segment.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}`;
      }
      params.push(name);
      if (rest) return '(?:/(.*))?';
      return optional ? '(?:/([^/]+))?' : '/([^/]+)';
    });
  return { pattern: new RegExp(`^${segments.join('')}/?$`, 'i'), params };
}

/** A slash that was sent encoded stays encoded in a route value, because the web server leaves `%2F` in the path alone. */
function decodeKeepingSlash(value: string): string {
  return value
    .split(/(%2f)/i)
    .map((part) => (/^%2f$/i.test(part) ? part : decode(part)))
    .join('');
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
