/** Reading of values that others made: whatever they do, the answer is a value. */

/** What a look-up or a conversion answers; `undefined` when it throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A look-up that is asked once per file, and answers `undefined` where it throws. */
export function remembered<T>(look: (file: string) => T): (file: string) => T | undefined {
  const known = new Map<string, T | undefined>();
  return (file) => {
    if (!known.has(file))
      known.set(
        file,
        attempt(() => look(file)),
      );
    return known.get(file);
  };
}

/** Empty for anything but a string. */
export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A list as data: words with blanks between them. */
export function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
