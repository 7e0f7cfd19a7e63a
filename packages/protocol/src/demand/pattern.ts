import { type Bucket, bucketId, problemId } from '@fr/bucket';

/**
 * Which buckets a demand speaks of. All given members must match; an empty pattern matches nothing. Field members
 * may hold `*` for any run of characters.
 */
export interface DemandPattern {
  readonly bucketId?: string;
  readonly problemId?: string;
  readonly program?: string;
  readonly programVersion?: string;
  readonly module?: string;
  readonly moduleVersion?: string;
  readonly location?: string;
}

/** The members of a pattern that are compared with bucket fields. */
export const PATTERN_FIELDS = ['program', 'programVersion', 'module', 'moduleVersion', 'location'] as const;

/** Whether the pattern speaks of this bucket. */
export function matchesBucket(pattern: DemandPattern, bucket: Bucket): boolean {
  const fields = PATTERN_FIELDS.filter((field) => pattern[field] !== undefined);
  const byId = pattern.bucketId !== undefined || pattern.problemId !== undefined;
  if (!byId && fields.length === 0) return false;
  return (
    fields.every((field) => matchesGlob(pattern[field] ?? '', bucket[field])) &&
    (pattern.problemId === undefined || pattern.problemId === problemId(bucket)) &&
    (pattern.bucketId === undefined || pattern.bucketId === bucketId(bucket))
  );
}

/** Matches `*` wildcards without backtracking over more than the last star: linear but for one factor of the pattern's length. */
export function matchesGlob(glob: string, text: string): boolean {
  const pieces = glob.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return glob === text;
  const last = pieces.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
