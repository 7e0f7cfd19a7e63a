import type { TypeCount } from '@fr/protocol';

/** What a site asks of every bucket for itself, vendor or no vendor. */
export interface SiteDefault {
  readonly id: string;
  /** How many entries that hold the type the site wants to have of each bucket. */
  readonly types: readonly TypeCount[];
  readonly reason: string;
  readonly author: string;
}

/** Two stacks and two environments of every bucket. */
export const DEFAULT_SITE_DEMAND: SiteDefault = {
  id: 'site-default',
  types: [
    { type: 'stack', count: 2 },
    { type: 'environment', count: 2 },
  ],
  reason: 'A few samples of every fault, so that the people who run this site can see what failed',
  author: 'your site, automatically',
};
