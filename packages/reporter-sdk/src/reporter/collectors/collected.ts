/** What a collector found, not scrubbed yet: text, or a tree that becomes JSON. */
export type Collected =
  | { readonly contentType: 'application/json'; readonly tree: unknown }
  | { readonly contentType: 'text/plain; charset=utf-8'; readonly text: string };

/** Why a collector found nothing, for the receipt. */
export interface NotThere {
  readonly notThere: string;
}
