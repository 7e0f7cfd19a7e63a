import type { RetentionLimits } from '../contract/retention.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const MIB = 1024 * 1024;

/** What a site keeps, unless it says otherwise. */
export const SITE_LIMITS: Required<RetentionLimits> = {
  /**
   * Two samples are what a site asks for of every bucket, and fewer would be asked for again at the next failure; three
   * more for what is newest and most unlike. A thousand buckets of five entries of 4 KB take 20 MB.
   */
  bucketEntries: 5,
  /** Five entries with everything that is not heavy (about 600 KB by the caps) and room for one attachment. */
  bucketBytes: 16 * MIB,
  /** Three times as long as a demand is valid: what nobody has asked for until then will not be. */
  ageMs: 90 * DAY_MS,
  /** Of the smallest disk a server is sold with, a tenth. */
  totalBytes: 4_096 * MIB,
};

/** What a vendor keeps: everything here was asked for by a person or a standing demand. */
export const VENDOR_LIMITS: Required<RetentionLimits> = {
  /** More than any demand's default asks for by far, and few enough to look through. */
  bucketEntries: 100,
  /** Four heap snapshots of the largest size taken. */
  bucketBytes: 4_096 * MIB,
  /** A year and its next release: people compare this winter's failures with the last one's. */
  ageMs: 400 * DAY_MS,
  /** A hundred thousand entries of half a megabyte; a disk of its own is worth having from there on. */
  totalBytes: 50 * 1_024 * MIB,
};
