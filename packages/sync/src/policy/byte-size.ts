/** How many bytes a unit stands for; K, M and G alone count in thousands, as on a disk's box. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** What {@link parseBytes} takes, as a pattern for editors. */
export const BYTES_PATTERN = '^([0-9]{1,15}( ?[bB])?|[0-9]{1,6}(\\.[0-9]{1,3})? ?[kKmMgG]([iI]?[bB])?)$';

/** Reads `65536`, `64 KiB`, `3MB`; nothing where it is no size. KB is 1,000 bytes, KiB 1,024. */
export function parseBytes(text: string): number | undefined {
  if (!new RegExp(BYTES_PATTERN).test(text)) return undefined;
  const [, number = '', unit = ''] = /^([0-9.]+) ?(.*)$/.exec(text) ?? [];
  const word = unit.toLowerCase();
  return Math.round(Number(number) * (UNITS[word] ?? UNITS[`${word}b`] ?? 1));
}

/** `3 MB`, `64.5 KB`, `812 bytes`: for people, exact below 1,000. */
export function printBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const [size, unit] = bytes < 1e6 ? [1e3, 'KB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${Number((bytes / Number(size)).toFixed(1))} ${unit}`;
}
