/** One thing that was looked at. `say` tells what to do where it is not well. */
export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly say: string;
  /** All is well, but could be better. */
  readonly warning?: true;
}
