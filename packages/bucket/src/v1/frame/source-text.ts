/** Texts of files from the failure's own look-up. */
import type { Failure } from '../../failure.ts';
import { attempt } from '../../total.ts';
import { plainPath } from './plain-path.ts';

/** `undefined` when there is none, or the look-up fails. */
export function textOf(failure: Failure, file: string): string | undefined {
  const text = attempt(() => failure.source?.(file));
  return typeof text === 'string' ? text : undefined;
}

/** The same by the printed name of a file or its plain path. */
export function sourceOf(file: string, failure: Failure): string | undefined {
  return textOf(failure, file) ?? (file.includes('://') ? textOf(failure, plainPath(file)) : undefined);
}
