import { printable, printTable } from '@fr/server/command';
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
