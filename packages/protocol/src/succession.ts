/**
 * A server's word that another key takes the place of its own. Both keys sign it: the one that goes gives its place away,
 * the one that comes takes it. So whoever has pinned the old one finds the new one, and whoever has pinned the new one knows
 * whose earlier demands still hold.
 */
export interface Succession {
  /** Public keys, base64url of 32 bytes: the one that goes, and the one that comes. */
  readonly from: string;
  readonly to: string;
  /** When, by the server's clock, in milliseconds since 1970; rises along a chain. */
  readonly at: number;
  /** Signature of `from`. */
  readonly given: string;
  /** Signature of `to`. */
  readonly taken: string;
}
