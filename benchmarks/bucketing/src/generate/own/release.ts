/**
 * Makes the two releases of a program from its one source. Both have every fault; 1.1.0 differs in what a bucket must
 * not see: a longer head, lines added above a fault and inside its function, other comments, functions in another
 * order, a helper under another name.
 */
import type { Release } from './fault.ts';

const ADDED = /^(\s*)\/\/\+ (.*)$/;

const HEAD = `/*
 * Part of a program that fails on purpose.
 * Release 1.1.0: faster, and it speaks Frisian.
 *
 * Everything below may be used by anybody.
 */
`;

/** Text of a source file as it was in a release. */
export function releaseText(
  text: string,
  release: Release,
  renamed: Readonly<Record<string, string>>,
): string {
  const lines = text.split('\n');
  if (release === '1.0.0') return lines.filter((line) => !ADDED.test(line)).join('\n');
  const added = lines.map((line) => line.replace(ADDED, '$1$2')).join('\n');
  const documented = added.replace(/^(\s*)\/\*\* (.*) \*\/$/gm, '$1/**\n$1 * $2\n$1 * (Since 1.0.)\n$1 */');
  return HEAD + withNames(reordered(documented), renamed);
}

function withNames(text: string, renamed: Readonly<Record<string, string>>): string {
  return Object.entries(renamed).reduce(
    (before, [from, to]) => before.replace(new RegExp(`\\b${from}\\b`, 'g'), to),
    text,
  );
}

/** Top-level functions change places, the last first; everything else stays, as its order may matter. */
function reordered(text: string): string {
  const blocks = text.split(/\n\n(?=\S)/);
  const functions = blocks.filter(isFunction).reverse();
  return blocks.map((block) => (isFunction(block) ? (functions.shift() ?? block) : block)).join('\n\n');
}

function isFunction(block: string): boolean {
  return /^(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(export )?(async )?function\*? \w/.test(block);
}
