/**
 * Every bound that both sides of a hop must agree on, in one place. Raising one is compatible, lowering one is not.
 * @module
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest message body (everything but entries), in bytes after decompression. */
export const MAX_MESSAGE_BYTES: number = 4 * MIB;

/** A compressed body may grow this many times, once it has passed 1 MiB; gzip reaches 1,028, zstd 32,724. */
export const MAX_EXPANSION = 100;

/** Nesting of maps and lists in a message; ours need 6. */
export const MAX_DEPTH = 32;

/** Values in one message, map keys not counted; 1,000 hits need about 12,000. */
export const MAX_ITEMS = 60_000;

/** Hits in one `POST /v1/hits`. */
export const MAX_HITS = 1_000;

/** Buckets in one offer; a site with more sends several. */
export const MAX_OFFERED_BUCKETS = 1_000;

/** Leases asked for, given or refused in one message. */
export const MAX_LEASES = 1_000;

/** Occurrences one hit may stand for. */
export const MAX_HIT_COUNT = 1_000_000_000;

/** Reasons in one report of drops. */
export const MAX_DROP_COUNTS = 32;

/** Characters of one bucket field. */
export const MAX_BUCKET_FIELD = 512;

/** Characters of any other free text (reason, author, file name, …). */
export const MAX_TEXT: number = 2 * KIB;

/** Bytes of an entry's header line. */
export const MAX_ENTRY_HEADER_BYTES: number = 64 * KIB;

/** Parts of one entry. */
export const MAX_ENTRY_PARTS = 32;

/** Bytes of one entry on the wire when no information type in it allows more (see the type's own cap). */
export const MAX_ENTRY_BYTES: number = 1024 * MIB;

/** Demands in one reply. */
export const MAX_DEMANDS = 10_000;

/** Longest life of a demand, in milliseconds: 30 days. */
export const MAX_DEMAND_LIFE_MS: number = 30 * 24 * 60 * 60 * 1000;

/** A reporter drops (and counts) failures older than this, in milliseconds: 30 days. Servers remember ids for 45. */
export const MAX_REPORT_AGE_MS: number = 30 * 24 * 60 * 60 * 1000;

/** Longest life of a vendor's answer, in milliseconds: 400 days. */
export const MAX_ANSWER_LIFE_MS: number = 400 * 24 * 60 * 60 * 1000;

/** Times a server's key may have been replaced and still be followed from the first one, and links in one chain. */
export const MAX_SUCCESSIONS = 8;

/** Answers of a vendor that one reply, or one site, may hold. */
export const MAX_VENDOR_ANSWERS = 1_000;
