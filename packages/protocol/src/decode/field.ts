/**
 * Small total decoders: each takes any value and returns what it promises or throws a {@link ProtocolError} that
 * names the place. Only own members are read; members nobody asked for (a newer peer's) are left behind.
 * @module
 */
import { ProtocolError } from '../protocol-error.ts';

/** Turns an unknown value into a known one. `path` says where in the message it stands. */
export type Decoder<T> = (value: unknown, path: string) => T;

function fail(path: string, expected: string): never {
  throw new ProtocolError('malformed', `expected ${expected}`, { path });
}

/** Text of at most `max` UTF-16 units; with a pattern, text that matches it. */
export function text(
  max: number,
  pattern?: RegExp,
  expected = `text of at most ${max} characters`,
): Decoder<string> {
  return (value, path) =>
    typeof value === 'string' && value.length <= max && (!pattern || pattern.test(value))
      ? value
      : fail(path, expected);
}

/** A whole number between the bounds, safe to count with. */
export function integer(min: number, max: number): Decoder<number> {
  return (value, path) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max
      ? number
      : fail(path, `a whole number from ${min} to ${max}`);
  };
}

/** Yes or no. */
export const flag: Decoder<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : fail(path, 'true or false');

/** One of a closed list of words. */
export function word<const T extends string>(words: readonly T[]): Decoder<T> {
  return (value, path) => words.find((known) => known === value) ?? fail(path, `one of ${words.join(', ')}`);
}

/** A list of at most `max` items. */
export function list<T>(item: Decoder<T>, max: number): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > max) return fail(path, `a list of at most ${max}`);
    return value.map((each, index) => item(each, `${path}[${index}]`));
  };
}

/** An absent, undefined or null member. */
export function optional<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : decoder(value, path));
}

/** A map with known members; optional members that are absent stay absent. */
export function record<T extends object>(members: { readonly [K in keyof T]-?: Decoder<T[K]> }): Decoder<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'a map');
    const decoded: Partial<T> = {};
    for (const name of names) {
      const raw: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      const member = members[name](raw, path ? `${path}.${name}` : name);
      if (member !== undefined) decoded[name] = member;
    }
    return decoded as T;
  };
}
