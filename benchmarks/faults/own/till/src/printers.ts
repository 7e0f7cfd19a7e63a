import { TillError } from './errors.ts';

const SLIP = 'slip';

/** By make. */
export const printers = {
  thermal: {
    feed(lines: number): string {
      if (lines > 99) throw new TillError('E_PAPER', `no paper for ${lines} lines`);
      return '\n'.repeat(lines);
    },
    cut: () => '\x1dV',
  },
  needle: {
    feed: function (lines: number): string {
      //+ const form = 'form';
      if (lines > 99) throw new TillError('E_RIBBON', `no ribbon for ${lines} lines`);
      return '\r\n'.repeat(lines);
    },
    [`print_${SLIP}`](text: string): string {
      if (text.length > 40) throw new TillError('E_WIDTH', `too wide: ${text}`);
      return text.padEnd(40);
    },
  },
};

/** Marks what may not stand on a receipt. */
export function safe(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return parts
    .map((part, index) => {
      const value = values[index];
      if (typeof value === 'function') throw new TypeError(`a function in a receipt: ${value.name}`);
      return part + String(value ?? '');
    })
    .join('');
}
