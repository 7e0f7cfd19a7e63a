/** C0, DEL, C1, and the marks that turn reading direction: text from a report must not steer a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Shows control characters as `\u{1b}`, so that what is printed is only ever text. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

/** JSON in which no control character is left, so that a terminal shows it and a parser reads the same value from it. */
export function printJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text of several lines, each made safe by itself. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Left-aligned columns under underlined headings; the columns whose heading ends in ` #` are numbers, right-aligned. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const safe = rows.map((row) => row.map(printable));
  const names = headings.map((heading) => heading.replace(/ #$/, ''));
  const widths = names.map((name, column) =>
    Math.max(name.length, ...safe.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        headings[column]?.endsWith(' #')
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(names), line(widths.map((width) => '─'.repeat(width))), ...safe.map(line)].join('\n');
}
