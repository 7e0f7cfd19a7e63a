/**
 * `unreachable`: no connection came about. `timeout`, `aborted`: ended by a clock or by us. `redirected`: the
 * destination pointed elsewhere, which is never followed. `unauthorized`: it does not know our token.
 * `upstream-failed`: it answered with an error of its own. `bad-reply`: its reply makes no sense. `foreign-key`: it
 * does not hold the key that was pinned. `ledger-failed`: nothing may leave, because it could not be recorded.
 * `switched-off`, `over-cap`, `not-now`: the policy of the site does not let it leave, or not now.
 * `lease-over`: the lease an upload went under ended before it did. `invalid-url`, `invalid-demand`, `invalid-answer`, `invalid-fix`, `bad-bundle`: what a person gave us cannot be used. `failed`: something in our own house (a
 * store, a disk) gave way in the middle of a pass; the cause says what.
 */
export type SyncErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'redirected'
  | 'unauthorized'
  | 'upstream-failed'
  | 'bad-reply'
  | 'foreign-key'
  | 'ledger-failed'
  | 'switched-off'
  | 'over-cap'
  | 'not-now'
  | 'lease-over'
  | 'invalid-url'
  | 'invalid-demand'
  | 'invalid-answer'
  | 'invalid-fix'
  | 'bad-bundle'
  | 'failed';

/** Something that stops a pass or an act. A refusal, a "not needed" or a duplicate is a result, never this. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly code: SyncErrorCode;
  /** True where it is certain that not one byte of the request's body left. */
  readonly nothingLeft: boolean;
  /** Of a `bad-bundle` that was brought: why it is refused, in one word; see `BundleRefusal`. */
  readonly reason: string | undefined;

  constructor(
    code: SyncErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly nothingLeft?: boolean; readonly reason?: string } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.nothingLeft = options.nothingLeft ?? false;
    this.reason = options.reason;
  }
}
