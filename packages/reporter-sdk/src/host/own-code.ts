/** A failure as the program's own code is shown it before it is written. Plain data, frozen; nothing of it is scrubbed yet. */
export interface FailurePreview {
  readonly kind: string;
  readonly outcome: string;
  /** Occurrences it stands for. */
  readonly count: number;
  readonly program: string;
  readonly programVersion: string;
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  /** Information types that could be collected of it, were they asked for. */
  readonly types: readonly string[];
}

/**
 * The program's last word on a failure: `drop` gives it up (counted, with the reason `host`), `without` takes information
 * types from it, nothing lets it be.
 */
export type BeforeReport = (
  failure: FailurePreview,
) => 'drop' | { readonly without: readonly string[] } | undefined;

/** A collector of the program's own. */
export interface OwnCollector {
  /**
   * Called in the failing program, only where `x-<name>` is asked for. Gives a text, or a value that can be JSON. Stopped
   * after 100 ms; what it throws, and a promise, count as nothing.
   */
  readonly collect: () => unknown;
  /** Bytes of what it gives, at the most; more counts as nothing. Default: 64 KiB. At most 1 MiB. */
  readonly maxBytes?: number;
}

/** Code of the program that runs at a failure. */
export interface OwnCode {
  readonly beforeReport?: BeforeReport | undefined;
  /** By information type, `x-<name>`. */
  readonly collectors: Readonly<Record<string, OwnCollector>>;
}
