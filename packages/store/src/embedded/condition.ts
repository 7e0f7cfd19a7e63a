import { StoreError } from '../contract/store-error.ts';

/**
 * Whether the store may be used: open → (read-only, after a failed sync) → closed. There is no way back: what a
 * descriptor says after a failed sync cannot be believed, so only opening the folder again heals it.
 */
export class Condition {
  readonly #notice: (line: string) => void;
  #readOnly: string | undefined;
  #closed = false;

  constructor(notice: (line: string) => void, readOnly?: string) {
    this.#notice = notice;
    this.#readOnly = readOnly;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether a write that failed is the only one that did. */
  get isWriting(): boolean {
    return this.#readOnly === undefined;
  }

  checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
  }

  checkWritable(): void {
    this.checkOpen();
    this.checkWriting();
  }

  /** For work that was under way when the store was closed: it may still be finished. */
  checkWriting(): void {
    if (this.#readOnly !== undefined) throw new StoreError('read-only', this.#readOnly);
  }

  /** Stops all writing for good, and says so once. */
  failWriting(why: string): void {
    if (this.#readOnly !== undefined) return;
    this.#readOnly = `the store has stopped writing: ${why}; check the disk, then restart`;
    this.#notice(this.#readOnly);
  }

  /** False when it was closed before. */
  close(): boolean {
    const first = !this.#closed;
    this.#closed = true;
    return first;
  }
}
