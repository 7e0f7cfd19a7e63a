/** A megabyte of text made to be slow, as a stack and as a source text; the bound is 20 ms each. */
import type { ErrorFailure } from '@fr/bucket';
import { bucketOf } from '@fr/bucket';
import { cpuMicroseconds, printSpread, spreadOf } from './measure.ts';

const MEGABYTE = 1 << 20;
const ROUNDS = 5;

const STACKS: Readonly<Record<string, string>> = {
  'one long line': 'x',
  'opening brackets': '(',
  'closing brackets': ')',
  'brackets after blanks': ' (',
  'at, at, at': 'at ',
  'at, line by line': '    at \n',
  'nested eval': 'eval at f (',
  'nested eval, line by line': `    at ${'eval (eval at f '.repeat(200)}(/a.js:1:2)\n`,
  'frames without end': '    at f (/srv/app/src/a.js:1:1)\n',
  'frames of the runtime': '    at f (node:internal/x:1:1)\n',
  'frames of modules': '    at f (/x/node_modules/y/a.js:1:1)\n',
  carriers: '    at f (/x/node_modules/tslib/a.js:1:1)\n',
  'the longest lines read': `    at f (/${'a/'.repeat(2030)}:1:1)\n`,
  'node_modules without end': '/node_modules/',
  'lines of node_modules': `    at f (/${'node_modules/@a/'.repeat(250)}b.js:1:1)\n`,
  'at signs': '@',
  'lines with at signs': 'f@/a.js:1:1\n',
  'lines of at signs': `${'@'.repeat(4000)}:1:1\n`,
  'names within names': `${'</'.repeat(2000)}@/a.js:1:1\n`,
  'colons and digits': ':1',
  digits: '1',
  'lines of digits': `f@${':11111'.repeat(660)}\n`,
  'blank lines': '\n',
  blanks: ' ',
  'lines of blanks': `${' '.repeat(4000)}\n`,
  'lone surrogates': '\ud800',
  percent: '    at f (file:///%E0%A4%A)\n',
  queries: '    at f (https://x/a.js?????:1:1)\n',
};

const SOURCES: Readonly<Record<string, string>> = {
  'unclosed quotes': "'",
  'unclosed quotes, escaped': "'\\",
  'both quotes': '\'"a',
  'quotes, line by line': "'a\n",
  'unclosed templates': '`${',
  'unclosed patterns': '/[',
  'patterns, line by line': '=/[a\n',
  'unclosed comments': '/*',
  'opening brackets': '({[',
  'closing brackets': ')}]',
  'brackets that do not match': '(]',
  arrows: 'a=>',
  'functions in functions': 'function f(){\n',
  'classes in classes': 'class A{\n',
  'blocks after words': 'a a a a a a {\n',
  generics: 'a<b<c>(){\n',
  'a long declaration': 'const a',
  'equal lines': 'x();\n',
  signs: '<<<<',
  blanks: ' ',
  letters: 'a',
};

export function printHostile(): void {
  console.log(`\nHostile input of 1 MiB, CPU milliseconds, median of ${ROUNDS} (lowest to highest)`);
  console.log('  as a stack');
  for (const [name, piece] of Object.entries(STACKS)) {
    const text = `TypeError: x\n${filled(piece)}`;
    printRow(name, () => bucketOf(failureWith(text)));
  }
  console.log('  as a source text, failing at its end');
  for (const [name, piece] of Object.entries(SOURCES)) {
    const text = `${filled(piece)}\nlast();\n`;
    const line = text.split('\n').length - 1;
    const failure = failureWith(`TypeError: x\n    at f (/srv/app/src/a.js:${line}:1)`);
    printRow(name, () => bucketOf({ ...failure, source: () => text }));
  }
  console.log('  as a source text, failing after 60 KiB');
  for (const [name, piece] of Object.entries(SOURCES)) {
    const text = `${filled(piece).slice(0, 60 << 10)}\nlast();\n${filled(piece)}`;
    const line = text.slice(0, (60 << 10) + 2).split('\n').length;
    const failure = failureWith(`TypeError: x\n    at f (/srv/app/src/a.js:${line}:1)`);
    printRow(name, () => bucketOf({ ...failure, source: () => text }));
  }
}

function printRow(name: string, work: () => unknown): void {
  const times = Array.from({ length: ROUNDS }, () => cpuMicroseconds(work) / 1000);
  console.log(`    ${name.padEnd(34)} ${printSpread(spreadOf(times), 'ms')}`);
}

function filled(piece: string): string {
  return piece.repeat(Math.ceil(MEGABYTE / piece.length)).slice(0, MEGABYTE);
}

function failureWith(stack: string): ErrorFailure {
  const error = { name: 'TypeError', message: 'x', stack };
  return { kind: 'error', program: 'shop', programVersion: '1.2.0', error };
}
