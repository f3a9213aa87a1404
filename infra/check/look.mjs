import { isDeepStrictEqual } from 'node:util';

/** Finds predicted resources by their type. */
export function look(resources) {
  const of = (type) => resources.filter((resource) => resource.type === type);
  return {
    of,
    one(type) {
      const found = of(type);
      if (found.length !== 1) throw new Error(`There are ${found.length} of ${type}, not one.`);
      return found[0];
    },
    /** The last part of each name. */
    named: (type) => of(type).map(({ name }) => lastPart(name)),
  };
}

export const lastPart = (path) => path.split('/').at(-1);

/** @returns true, or what is there instead. */
export function is(found, expected) {
  return isDeepStrictEqual(found, expected) || `there is ${JSON.stringify(found)}`;
}

/** The same, in any order. */
export function same(found, expected) {
  const missing = expected.filter((one) => !found.includes(one));
  const extra = found.filter((one) => !expected.includes(one));
  if (missing.length + extra.length === 0 && found.length === expected.length) return true;
  return `missing: ${missing.join(', ') || 'none'}; not expected: ${extra.join(', ') || 'none'}`;
}

/** A value that only Azure knows, as an expression that asks for it. */
export const isAskedOf = (value, resource, property) =>
  new RegExp(`reference\\('[^']*/${resource}[^/']*', '[^']*'\\)\\.${property}`).test(value) ||
  `there is ${value}`;
