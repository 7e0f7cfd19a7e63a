import type { Bucket } from '@fr/bucket';

/** Columns of a bucket with those of its problem and program. */
export interface BucketColumns {
  readonly bucket_id: string;
  readonly problem_id: string;
  readonly program_name: string;
  readonly program_version: string;
  readonly module: string;
  readonly module_version: string;
  readonly location: string;
  readonly hits: number;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly pending: number;
  readonly uploaded: number;
}

export const BUCKET_COLUMNS = 'b.*, p.module, p.location, g.name AS program_name';

/** What a bucket `b` is joined with; in this order, whatever SQLite believes of the tables. */
export const JOINED_TO_BUCKETS = `CROSS JOIN problems p ON p.problem_id = b.problem_id
  CROSS JOIN programs g ON g.program = b.program`;

export const FROM_BUCKETS: string = `FROM buckets b ${JOINED_TO_BUCKETS}`;

export function bucketOf(row: BucketColumns): Bucket {
  return {
    program: row.program_name,
    programVersion: row.program_version,
    module: row.module,
    moduleVersion: row.module_version,
    location: row.location,
  };
}
