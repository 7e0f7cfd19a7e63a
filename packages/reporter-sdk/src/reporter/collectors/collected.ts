/** What a collector found, not scrubbed yet: text, a tree that becomes JSON, or a file that is too large to be scrubbed. */
export type Collected =
  | { readonly contentType: 'application/json'; readonly tree: unknown }
  | { readonly contentType: 'text/plain; charset=utf-8'; readonly text: string }
  | { readonly contentType: 'application/json'; readonly file: string; readonly bytes: number };

/** Why a collector found nothing, for the receipt. */
export interface NotThere {
  readonly notThere: string;
}
