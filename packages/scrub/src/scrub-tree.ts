import type { Phrase } from './lists/phrases.ts';
import { judgeKey } from './lists/secret-keys.ts';
import { isMarker, markerOf } from './scanning/marker.ts';
import { sheetOf } from './scanning/sheet.ts';
import { type Removal, removals, scrubWith } from './scrub-text.ts';
import { type ScrubOptions, type Settings, settingsOf } from './settings.ts';

/**
 * Scrubs a plain tree into a new one. Texts go through `scrubText`; the value of a key on the secret-key list goes as a
 * whole. Only own data properties are read and no getter is run. What cannot be carried reads `[cut:REASON]`.
 */

/** Why a part of the tree was left out: a loop, too deep, too many values, or no plain data. */
export type CutReason = 'cycle' | 'depth' | 'size' | 'type';

/** A tree that may travel, what had to go from it, and what did not fit. */
export interface ScrubbedTree {
  readonly value: unknown;
  readonly removed: readonly Removal[];
  readonly cut: readonly { readonly reason: CutReason; readonly count: number }[];
}

/** Deeper values read `[cut:depth]`. */
export const DEPTH_LIMIT = 32;
/** Values beyond this many read `[cut:size]`; the rest of their array or object is left out. */
export const SIZE_LIMIT = 100_000;
/** Shorter whole numbers cannot be card numbers. */
const CARD_NUMBER_FROM = 1e12;

interface Walk {
  readonly settings: Settings;
  readonly counts: Map<string, number>;
  readonly cuts: Map<CutReason, number>;
  readonly open: Set<object>;
  left: number;
}

/** The scrubbed copy of a tree of plain data. Never throws and never changes what it was given. */
export function scrubTree(value: unknown, options?: ScrubOptions): ScrubbedTree {
  const walk: Walk = {
    settings: settingsOf(options),
    counts: new Map(),
    cuts: new Map(),
    open: new Set(),
    left: SIZE_LIMIT,
  };
  const copy = copyOf(walk, value, 0);
  return {
    value: copy,
    removed: removals(walk.counts),
    cut: [...walk.cuts].map(([reason, count]) => ({ reason, count })),
  };
}

function copyOf(walk: Walk, value: unknown, depth: number): unknown {
  walk.left -= 1;
  if (walk.left < 0) return cut(walk, 'size');
  switch (typeof value) {
    case 'string':
      return scrubWith(walk.settings, value, walk.counts);
    case 'number':
    case 'bigint':
      return copyOfNumber(walk, value);
    case 'object':
      return value === null ? null : copyOfObject(walk, value, depth);
    case 'function':
    case 'symbol':
      return cut(walk, 'type');
    default:
      return value;
  }
}

function copyOfNumber(walk: Walk, value: number | bigint): unknown {
  if (value < CARD_NUMBER_FROM) return value;
  const text = String(value);
  const scrubbed = scrubWith(walk.settings, text, walk.counts);
  return scrubbed === text ? value : scrubbed;
}

function copyOfObject(walk: Walk, value: object, depth: number): unknown {
  if (walk.open.has(value)) return cut(walk, 'cycle');
  if (depth >= DEPTH_LIMIT) return cut(walk, 'depth');
  walk.open.add(value);
  try {
    if (Array.isArray(value)) return copyOfArray(walk, value, depth);
    return isPlain(value) ? copyOfRecord(walk, value, depth) : cut(walk, 'type');
  } catch {
    // A proxy: its traps cannot be told from plain data, and may throw.
    return cut(walk, 'type');
  } finally {
    walk.open.delete(value);
  }
}

/** Objects of the host's own classes are read as data; containers and binary data are not trees. */
function isPlain(value: object): boolean {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return false;
  return !(value instanceof Map || value instanceof Set || value instanceof Date || value instanceof RegExp);
}

function copyOfArray(walk: Walk, list: readonly unknown[], depth: number): unknown[] {
  const copy: unknown[] = [];
  let named = false;
  const length = Math.min(list.length, walk.left + 1);
  for (let index = 0; index < length; index += 1) {
    const own = Object.getOwnPropertyDescriptor(list, index);
    const value = own === undefined ? undefined : dataOf(walk, own);
    const secret: boolean = named && typeof value === 'string' && value !== '';
    const item: unknown = secret ? removed(walk, value, 'secret') : copyOf(walk, value, depth + 1);
    copy.push(item);
    named = typeof item === 'string' && namesNextItem(walk, item);
  }
  return copy;
}

/** Raw headers and argument lists put a name and its value side by side. */
function namesNextItem(walk: Walk, text: string): boolean {
  if (text.length > 40 || !/^-{0,2}\w[\w-]*$/.test(text)) return false;
  const phrase = judgeName(walk, text);
  return phrase !== undefined && (phrase.takes === 'header' || text.startsWith('--'));
}

function copyOfRecord(walk: Walk, record: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  const label = labelOf(record);
  for (const key of Object.keys(record)) {
    if (walk.left < 0) break;
    const own = Object.getOwnPropertyDescriptor(record, key);
    if (own === undefined) continue;
    const value = dataOf(walk, own);
    const name = scrubWith(walk.settings, key, walk.counts);
    const phrase = judgeName(walk, name) ?? (key === 'value' ? judgeName(walk, label) : undefined);
    const gone = phrase !== undefined && holdsSecret(key, value);
    const safe = gone ? removed(walk, value, phrase.rule) : copyOf(walk, value, depth + 1);
    setOwn(copy, name === key ? key : freeName(copy, name), safe);
  }
  return copy;
}

/** The text under `name` or `key`, which says what a `value` beside it is. */
function labelOf(record: object): string | undefined {
  for (const key of ['name', 'key']) {
    const own = Object.getOwnPropertyDescriptor(record, key);
    if (typeof own?.value === 'string') return own.value;
  }
  return undefined;
}

/** A marker in a name speaks of what is gone, not of the value. */
function judgeName(walk: Walk, name: string | undefined): Phrase | undefined {
  if (name === undefined) return undefined;
  const words = name.includes('[') ? name.replaceAll(/\[removed:[a-z-]+\]/g, '') : name;
  return judgeKey(walk.settings.keys, sheetOf(words), 0, words.length);
}

/** Yes and no, nothing at all and the count of a test runner are no secrets. */
function holdsSecret(key: string, value: unknown): boolean {
  if (value === undefined || value === null || value === '' || typeof value === 'boolean') return false;
  return !(key === 'pass' && typeof value === 'number');
}

function removed(walk: Walk, value: unknown, rule: string): string {
  if (typeof value === 'string' && isMarker(value)) return value;
  walk.counts.set(rule, (walk.counts.get(rule) ?? 0) + 1);
  return markerOf(rule);
}

/** A key may be an e-mail address or a token itself; two that end up alike stay apart. */
function freeName(copy: object, name: string): string {
  let free = name;
  for (let count = 2; Object.hasOwn(copy, free); count += 1) free = `${name} (${count})`;
  return free;
}

/** `__proto__` as a key is data here and must not become a prototype. */
function setOwn(copy: object, key: string, value: unknown): void {
  Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
}

function dataOf(walk: Walk, own: PropertyDescriptor): unknown {
  return own.get !== undefined || own.set !== undefined ? cut(walk, 'type') : own.value;
}

function cut(walk: Walk, reason: CutReason): string {
  walk.cuts.set(reason, (walk.cuts.get(reason) ?? 0) + 1);
  return `[cut:${reason}]`;
}
