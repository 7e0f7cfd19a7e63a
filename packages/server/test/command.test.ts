import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announceServer, printable, printShown, printTable } from '@fr/server/command';
import { describe, expect, test } from 'vitest';

describe('what is printed', () => {
  test('text from a report cannot steer the terminal', () => {
    expect(printable('a\u001b[31mred\u0007\u202egnp.exe')).toBe('a\\u{1b}[31mred\\u{7}\\u{202e}gnp.exe');
    expect(printTable(['name'], [['x\ny']])).not.toContain('x\ny');
  });

  test('numbers stand right, texts left', () => {
    expect(
      printTable(
        ['name', 'hits #'],
        [
          ['a', '7'],
          ['long', '1234'],
        ],
      ),
    ).toBe(['name  hits', '────  ────', 'a        7', 'long  1234'].join('\n'));
  });
});

describe('what `show` prints', () => {
  const shown = (content: Readonly<Record<string, string>>) => printShown({ entryId: 'e', content });

  test('a stack reads as a stack, line by line', () => {
    const stack = 'TypeError: x\n    at f (a.js:1:2)';
    expect(
      shown({ stack: JSON.stringify({ kind: 'error', error: { name: 'TypeError', stack } }) }),
    ).toContain(
      '── stack ──\nTypeError: x\n    at f (a.js:1:2)\n{"kind":"error","error":{"name":"TypeError"}}',
    );
  });

  test('other parts are shown as they are, but for what would steer the terminal', () => {
    expect(shown({ 'x-notes': 'a\u001b]0;owned\u0007\nb' })).toContain(
      '── x-notes ──\na\\u{1b}]0;owned\\u{7}\nb',
    );
  });
});

test("the socket folder of a server that was killed is cleared away by the next one, and nobody else's", async () => {
  const [dir, killed, foreign] = (await Promise.all(
    ['fr-test-data-', 'fr-', 'fr-elsewhere-'].map((prefix) => mkdtemp(join(tmpdir(), prefix))),
  )) as [string, string, string];
  const announce = (folder: string) =>
    announceServer(dir, { pid: 1, url: 'http://127.0.0.1:1', socket: join(folder, 'admin.sock') });
  await announce(killed);
  await announce(foreign);
  expect(existsSync(killed)).toBe(false);
  await announce(join(dir, 'fr-123456'));
  expect(existsSync(foreign)).toBe(true);
  await Promise.all([dir, foreign].map((folder) => rm(folder, { recursive: true })));
});
