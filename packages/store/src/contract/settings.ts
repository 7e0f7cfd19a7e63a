/** Small durable values of the server itself: cursors, tokens' hashes, where upstream is. JSON, a few KB each. */
export interface Settings {
  /** The value last written under the name, or nothing. The reader checks its shape. */
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): Promise<void>;
  /** Forgets what was written under these names, all of it or nothing; what was never written is no matter. */
  delete(names: readonly string[]): Promise<void>;
}
