/** Makes a failing specimen smaller for as long as it fails in the same way. */
import type { Check } from './check/check.ts';
import type { Specimen } from './specimen.ts';
import { tried } from './trial.ts';

const ATTEMPTS = 4000;
const PATIENCE_MS = 20_000;

export function shrunk(check: Check, failing: Specimen, complaint: string): Specimen {
  const promise = promiseOf(complaint);
  const deadline = performance.now() + PATIENCE_MS;
  let smallest = failing;
  let attempts = 0;
  for (let smaller: Specimen | undefined = failing; smaller !== undefined; ) {
    smallest = smaller;
    smaller = undefined;
    for (const candidate of smallerOnes(smallest)) {
      if (attempts++ > ATTEMPTS || performance.now() > deadline) return smallest;
      const again = tried(check, candidate as Specimen).complaint;
      if (again === undefined || promiseOf(again) !== promise) continue;
      smaller = candidate as Specimen;
      break;
    }
  }
  return smallest;
}

/** Which promise, without the data of this failure. */
export function promiseOf(complaint: string): string {
  return complaint.split(':', 1)[0] ?? '';
}

/** Objects whose fields may be missing. */
const LOOSE = ['failure', 'error', 'cause', 'sources', 'maps', 'modules'];
/** Frames and folders that a check prints by itself: less of them, but none that no engine would print. */
const WHOLE = ['frames', 'from', 'to', 'file', 'mapsAs'];

/** The value with one thing less: a part of a text, an element, a field that may be missing. */
function* smallerOnes(value: unknown, name = ''): Generator<unknown> {
  if (WHOLE.includes(name)) return yield* shorterLists(value);
  if (typeof value === 'string') return yield* shorterTexts(value);
  if (typeof value !== 'object' || value === null) return;
  yield* shorterLists(value);
  if (LOOSE.includes(name)) for (const key of Object.keys(value)) yield without(value, key);
  for (const [key, inner] of Object.entries(value))
    for (const smaller of smallerOnes(inner, key)) yield withField(value, key, smaller);
}

function* shorterLists(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) for (const at of value.keys()) yield value.toSpliced(at, 1);
}

function* shorterTexts(text: string): Generator<string> {
  if (text.includes('\n')) {
    const lines = text.split('\n');
    for (const at of lines.keys()) yield lines.toSpliced(at, 1).join('\n');
  }
  for (let length = Math.ceil(text.length / 2); length > 0; length = Math.floor(length / 2)) {
    for (let at = 0; at < text.length; at += length) yield text.slice(0, at) + text.slice(at + length);
  }
}

function without(value: object, key: string): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function withField(value: object, key: string, inner: unknown): unknown {
  if (Array.isArray(value)) return value.with(Number(key), inner);
  return { ...value, [key]: inner };
}
