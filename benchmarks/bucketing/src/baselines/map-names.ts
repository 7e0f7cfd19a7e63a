/** The names that a source map has for places of a built file; error trackers name functions by them. */

interface PlainMap {
  readonly names?: readonly string[];
  readonly mappings?: string;
  readonly sections?: readonly {
    readonly offset: { readonly line: number; readonly column: number };
    readonly map: PlainMap;
  }[];
}

/** Line from 1 → columns from 0 with the name that starts there. */
type Names = ReadonlyMap<number, ReadonlyMap<number, string>>;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NAME_FIELD = 4;
const known = new Map<string, Names>();

/** Line and column count from 1, as in stacks. */
export function nameInMap(
  text: string | undefined,
  { line, column }: { readonly line: number; readonly column: number },
): string | undefined {
  if (text === undefined) return undefined;
  const names = known.get(text) ?? readNames(JSON.parse(text) as PlainMap);
  known.set(text, names);
  return names.get(line)?.get(column - 1);
}

function readNames(map: PlainMap): Names {
  const names = new Map<number, Map<number, string>>();
  const parts = map.sections ?? [{ offset: { line: 0, column: 0 }, map }];
  for (const { offset, map: part } of parts) {
    for (const { line, column, name } of namesOf(part)) {
      const at = line + offset.line + 1;
      const columns = names.get(at) ?? new Map<number, string>();
      columns.set(line === 0 ? column + offset.column : column, name);
      names.set(at, columns);
    }
  }
  return names;
}

function namesOf({ names = [], mappings = '' }: PlainMap): { line: number; column: number; name: string }[] {
  const found: { line: number; column: number; name: string }[] = [];
  let nameAt = 0;
  for (const [line, segments] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of segments.split(',')) {
      const fields = numbersOf(segment);
      column += fields[0] ?? 0;
      if (fields.length <= NAME_FIELD) continue;
      nameAt += fields[NAME_FIELD] ?? 0;
      found.push({ line, column, name: names[nameAt] ?? '' });
    }
  }
  return found;
}

/** Base 64, five bits a digit, lowest first; the sixth says that more follow, the lowest of all is the sign. */
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
