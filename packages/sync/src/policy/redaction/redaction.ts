/**
 * What the policy removes from parts before they leave. It only ever removes: there is no rule that brings back what a
 * reporter has scrubbed. What cannot be looked into (binary, too large) while a redaction is about it stays as a whole.
 * @module
 */
import { matchesGlob } from '@fr/protocol';
import { anyFits, type Patterns, type Policy, type Redaction } from '../policy.ts';
import { removeTexts } from './removed-text.ts';

/** What stands where something was. */
const REMOVED = '[removed:policy]';

/** Largest part that is looked into; it is held in memory for it. */
export const MAX_REDACTED_BYTES: number = 16 * 1024 * 1024;

/** Deeper values go as a whole. */
const MAX_DEPTH = 100;

/** Everything that goes from one part. */
export interface PartRedaction {
  readonly keys: readonly string[];
  readonly texts: readonly string[];
}

/** Where a part belongs. */
export interface RedactedPlace {
  readonly program: string;
  readonly type: string;
  /** The destination's origin. */
  readonly to: string;
}

/** The policy's redactions that are about a part, with their numbers, counted from 1. */
export function redactionsAbout(
  policy: Policy,
  place: RedactedPlace,
): readonly { readonly number: number; readonly redaction: Redaction }[] {
  return (policy.redact ?? [])
    .map((redaction, index) => ({ number: index + 1, redaction }))
    .filter(
      ({ redaction: { program, type, to } }) =>
        fits(program, place.program) && fits(type, place.type) && fits(to, place.to),
    );
}

/** What the policy removes there; nothing where no redaction is about it. */
export function redactionFor(policy: Policy, place: RedactedPlace): PartRedaction | undefined {
  const about = redactionsAbout(policy, place).map(({ redaction }) => redaction);
  if (about.length === 0) return undefined;
  return {
    keys: about.flatMap(({ keys = [] }) => keys).map((key) => key.toLowerCase()),
    texts: about.flatMap(({ texts = [] }) => texts),
  };
}

function fits(patterns: Patterns | undefined, text: string): boolean {
  return patterns === undefined || anyFits(patterns, text);
}

/** Whether a part can be looked into at all: text or JSON, in UTF-8. */
export function isReadable(contentType: string): boolean {
  if (/charset=(?!["']?utf-?8\b)/i.test(contentType)) return false;
  return /^(?:text\/|application\/(?:[\w.-]+\+)?json\b)/i.test(contentType);
}

/** A part without what goes. JSON is read as data, everything else line by line. */
export function redactText(text: string, redaction: PartRedaction): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return redactLines(text, redaction);
  }
  return JSON.stringify(redactValue(value, redaction, [], 0));
}

function redactValue(
  value: unknown,
  redaction: PartRedaction,
  path: readonly string[],
  depth: number,
): unknown {
  if (typeof value === 'string') return redactLines(value, redaction);
  if (typeof value === 'number') {
    const text = String(value);
    return removeTexts(text, redaction.texts, REMOVED) === text ? value : REMOVED;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return REMOVED;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redaction, path, depth + 1));
  const members = Object.entries(value).map(([name, member]): readonly [string, unknown] => {
    const inside = [...path.slice(-MAX_KEY_PARTS), name.toLowerCase()];
    const goes = redaction.keys.some((key) => keyFits(key, inside));
    const kept = goes ? REMOVED : redactValue(member, redaction, inside, depth + 1);
    return [removeTexts(name, redaction.texts, REMOVED), kept];
  });
  return withMembers(members);
}

/** Names that a key may be made of; a longer one fits nothing. */
const MAX_KEY_PARTS = 8;

/** Two names that end up alike stay apart, and `__proto__` is a name like any other. */
function withMembers(members: readonly (readonly [string, unknown])[]): object {
  const whole = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of members) {
    let free = name;
    for (let count = 2; Object.hasOwn(whole, free); count += 1) free = `${name} (${count})`;
    whole[free] = value;
  }
  return whole;
}

function keyFits(key: string, path: readonly string[]): boolean {
  const parts = key.split('.');
  const tail = path.slice(-parts.length);
  return tail.length === parts.length && parts.every((part, index) => matchesGlob(part, tail[index] ?? ''));
}

/** `KEY=value`, `key: value`: what stands behind it on its line goes. */
function redactLines(text: string, redaction: PartRedaction): string {
  const lines = text.split('\n').map((line) => {
    const end = redaction.keys.length === 0 ? undefined : behindKey(line, redaction.keys);
    return end === undefined ? line : `${line.slice(0, end)}${REMOVED}`;
  });
  return removeTexts(lines.join('\n'), redaction.texts, REMOVED);
}

/** Longest name looked at in front of a `=` or `:`. */
const MAX_NAME = 128;

function behindKey(line: string, keys: readonly string[]): number | undefined {
  for (const { index } of line.matchAll(/[=:]/g)) {
    const name = nameBefore(line, index).toLowerCase();
    const last = name.split('.').at(-1) ?? '';
    if (name !== '' && keys.some((key) => matchesGlob(key, name) || matchesGlob(key, last))) return index + 1;
  }
  return undefined;
}

function nameBefore(line: string, index: number): string {
  const before = line.slice(Math.max(0, index - MAX_NAME), index).trimEnd();
  return /[\w.-]+$/.exec(before.replace(/["'\]]+$/, '').slice(-MAX_NAME))?.[0] ?? '';
}
