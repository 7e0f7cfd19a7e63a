import type { Bucket } from '@fr/bucket';
import { describePart, type EntryHeader, HEAVY_PART_BYTES, type PartContent } from '@fr/protocol';

/** The vendor's origin, as sites name it. */
export const VENDOR = 'https://vendor.example';
/** Programs that sites list for the vendor. */
export const LISTED: readonly string[] = ['shop', 'till'];
/** A program whose name must not leave a site. */
export const UNLISTED = 'secret-payroll';
/** A type that takes a lease, and one that takes an approval. */
export const HEAVY = 'x-heavy';
export const ASKING = 'breadcrumbs';
/** What the simulated programs have declared. */
export const DECLARED: readonly string[] = ['stack', 'environment', ASKING, HEAVY];

/** The buckets of a run; the first fail most. */
export const BUCKETS: readonly [Bucket, ...Bucket[]] = [
  bucketOf('shop', 'cart.js#total~3'),
  bucketOf('till', 'drawer.js#open~1'),
  bucketOf(UNLISTED, 'wages.js#raise~9'),
  bucketOf('shop', 'cart.js#add~7'),
  bucketOf('till', 'signal:SIGSEGV'),
  bucketOf('shop', 'exit:3'),
];

function bucketOf(program: string, location: string): Bucket {
  return { program, programVersion: '2.1.0', module: program, moduleVersion: '1.0.0', location };
}

/** Bytes that say which part of which entry they are. */
function contentOf(entryId: string, type: string): Uint8Array {
  const text = `${canary(type)} of ${entryId}\n`;
  const times = type === HEAVY ? Math.ceil((HEAVY_PART_BYTES + 1) / text.length) : 4;
  return new TextEncoder().encode(text.repeat(times));
}

/** What stands in every part of a type and nowhere else. */
export function canary(type: string): string {
  return `<canary ${type}>`;
}

/** An entry as a reporter makes it. */
export function entryOf(
  head: Pick<EntryHeader, 'entryId' | 'reportId' | 'bucket' | 'at' | 'demands'>,
  types: readonly string[],
): { readonly header: EntryHeader; readonly parts: readonly PartContent[] } {
  const parts = types.map((type) => {
    const content = contentOf(head.entryId, type);
    return { part: describePart(type, 'text/plain', content), content };
  });
  return { header: { ...head, outcome: 'fatal', parts: parts.map(({ part }) => part) }, parts };
}
