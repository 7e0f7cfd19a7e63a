/**
 * An input of the fuzzer as plain JSON data, so that it can be printed, made smaller and tried again. What JSON cannot
 * say stands as a mark, `{"$": "getter"}`, and becomes real when the input is used.
 */
import type { Failure } from '@fr/bucket';
import { sourceMapFrom } from '@fr/bucket/source-map';
import { textNamed } from '../score/evidence.ts';

export interface Specimen {
  /** Shaped like a failure, or like nothing known. */
  readonly failure: unknown;
  /** File → text; `*` answers for every other file. */
  readonly sources: Readonly<Record<string, string>>;
  /** File → JSON text of a map; `*` answers for every other file. */
  readonly maps: Readonly<Record<string, string>>;
  readonly mapsAs: 'text' | 'value' | 'made';
  /** What else a check needs. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Marks a specimen may hold. */
export const WILD: readonly [string, ...string[]] = [
  'proxy',
  'getter',
  'cycle',
  'function',
  'symbol',
  'bigint',
  'nan',
  'infinite',
  'undefined',
  'date',
  'regexp',
  'error',
  'deep',
  'sparse',
  'revoked',
  'unprintable',
];

const DEPTH = 5000;

const WILD_VALUES: Readonly<Record<string, () => unknown>> = {
  proxy: () => new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse }),
  getter: () => Object.defineProperty({ name: 'Error' }, 'stack', { get: refuse, enumerable: true }),
  cycle: cycle,
  function: () => refuse,
  symbol: () => Symbol('wild'),
  bigint: () => 2n ** 70n,
  nan: () => Number.NaN,
  infinite: () => Number.NEGATIVE_INFINITY,
  undefined: () => undefined,
  date: () => new Date(Number.NaN),
  regexp: () => /(a+)+$/g,
  error: () => new RangeError('Maximum call stack size exceeded', { cause: new Error('inner') }),
  deep: () => Array.from({ length: DEPTH }).reduce<object>((cause) => ({ name: 'E', cause }), {}),
  sparse: () => Object.assign([], { length: 2 ** 31 }),
  revoked: revoked,
  unprintable: () => ({ toString: refuse, valueOf: refuse, toJSON: refuse }),
};

/** The failure a specimen stands for, with its look-ups. */
export function failureFrom({ failure, sources, maps, mapsAs }: Specimen): Failure {
  const known = thawed(failure);
  const lookups = {
    ...(Object.keys(sources).length > 0 ? { source: (file: string) => answer(sources, file) } : {}),
    ...(Object.keys(maps).length > 0
      ? { sourceMap: (file: string) => mapIn(answer(maps, file), mapsAs) }
      : {}),
  };
  const isPlain =
    typeof known === 'object' && known !== null && typeof failure === 'object' && !isMark(failure);
  return (isPlain ? { ...known, ...lookups } : known) as Failure;
}

/** Characters in a specimen: what work may be proportional to. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, inner]) => sum + key.length + sizeOf(inner), 0);
}

function thawed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(thawed);
  if (typeof value !== 'object' || value === null) return value;
  if (isMark(value)) return WILD_VALUES[value.$]?.();
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, thawed(inner)]));
}

function isMark(value: unknown): value is { readonly $: string } {
  return typeof value === 'object' && value !== null && '$' in value;
}

function answer(texts: Readonly<Record<string, string>>, file: string): string | undefined {
  return textNamed(texts, file) ?? texts['*'];
}

function mapIn(text: string | undefined, as: Specimen['mapsAs']): ReturnType<typeof sourceMapFrom> | string {
  if (as === 'made') return sourceMapFrom(text);
  // A value that JSON.parse refuses is the look-up's failure; it may throw like any other.
  return text === undefined ? undefined : as === 'text' ? text : JSON.parse(text);
}

function refuse(): never {
  throw new Error('not to be touched');
}

function cycle(): object {
  const error: Record<string, unknown> = { name: 'Error', message: 'round' };
  return Object.assign(error, { cause: error, errors: [error, error] });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
