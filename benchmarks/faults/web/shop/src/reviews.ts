/** Loaded only when somebody scrolls that far. */
import { must } from './complain.ts';
import type { Visitor } from './orders.ts';

interface Review {
  readonly stars: number;
  readonly author?: { readonly name: string };
}

//+ /** Reviews older than this are folded away. */
//+ export const FOLD_AFTER_DAYS = 400;
//+
export function stars(review: Review): string {
  const full = '*'.repeat(review.stars);
  return full;
}

export function showReviews(visitor: Visitor): string[] {
  const reviews: Review[] = [{ stars: 3 }, { stars: -visitor.sku.length }];
  const printed = reviews.map((review) => stars(review));
  return printed;
}

export async function showAuthors(visitor: Visitor): Promise<string[]> {
  const reviews: Review[] = [{ stars: 3 }];
  await Promise.resolve();
  return reviews.map((review) => must(review.author, `author ${visitor.name}`).name);
}
