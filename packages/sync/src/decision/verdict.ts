/** What happens to an entry in a pass. */
export interface Decision {
  /**
   * `upload`: the types named go out. `keep`: nothing to do with it. `refuse`: it holds what is asked for, the policy
   * denies it. `await-approval`: it holds what is asked for, a person has to approve the demand. `ask-to-collect`: it
   * lacks what is asked for; the next failure brings it.
   */
  readonly verdict: 'upload' | 'keep' | 'refuse' | 'await-approval' | 'ask-to-collect';
  /** The information types the verdict speaks of, in the header's order for an upload. */
  readonly types: readonly string[];
  /** The demands behind it. */
  readonly demands: readonly string[];
  readonly reason: string;
  /** `review`: it waits for a look at the entry itself, not for the approval of a demand. */
  readonly gate?: 'review';
  /** Who approved the demands it goes under, and who looked at it. */
  readonly approvedBy?: readonly string[];
  /** SHA-256 of the parts as they were looked at, by type: others may not leave. */
  readonly reviewed?: Readonly<Record<string, string>>;
}
