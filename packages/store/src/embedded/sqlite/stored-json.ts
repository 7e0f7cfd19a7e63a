import { StoreError } from '../../contract/store-error.ts';

/** A value that was written as JSON. Throws `damaged` where it is none any more: a bit of it has turned. */
export function parseStored(text: string, of: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damagedRow(of, cause);
  }
}

export function damagedRow(of: string, cause?: unknown): StoreError {
  const message = `${of} is damaged in store.sqlite; run "fr-admin verify --repair" on this folder`;
  return new StoreError('damaged', message, { cause });
}
