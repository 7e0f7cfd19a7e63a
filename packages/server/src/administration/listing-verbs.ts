import { bucketName, isProblemId } from '@fr/bucket';
import type {
  BucketRow,
  EntryRow,
  HistoryPoint,
  HistoryStep,
  Page,
  ProblemRow,
  Queries,
  RowFilter,
} from '@fr/store';
import { ServerError } from '../http/server-error.ts';
import { rowFilterOf } from './row-filter.ts';
import { neededParam, numberParam, oneOf, type Params, type Verb } from './verb.ts';

/** What differs between a site and a vendor in what they list. */
export interface ListingOptions {
  readonly queries: Queries;
  /** Entry counts as this server speaks of them: `{pending, uploaded}` at a site, `{stored}` at the vendor. */
  readonly entryCounts: (entries: BucketRow['entries']) => Readonly<Record<string, number>>;
  /** The states of these entries as people see them, in their order. */
  readonly entryStates: (rows: readonly EntryRow[]) => Promise<readonly string[]>;
}

/**
 * `buckets`, `problems`, `entries`: what the server holds. All take `limit` and what {@link rowFilterOf} reads.
 * `history`: the curve of a bucket or problem `id`, by `step` (`minute`, `hour` or `day`) as far back as there are any.
 * `outcomes`: what became of all that ever arrived, and what reporters have given up before it could.
 */
export function listingVerbs(options: ListingOptions): readonly Verb[] {
  const { queries } = options;
  return [
    {
      name: 'buckets',
      acts: false,
      run: async (params) =>
        (await allRows(params, (filter) => queries.buckets(filter))).map((row) => printBucket(row, options)),
    },
    {
      name: 'problems',
      acts: false,
      run: async (params) =>
        (await allRows(params, (filter) => queries.problems(filter))).map((row) =>
          printProblem(row, options),
        ),
    },
    {
      name: 'entries',
      acts: false,
      run: async (params) => {
        const rows = await allRows(params, (filter) => queries.entries(filter));
        const states = await options.entryStates(rows);
        return rows.map((row, index) => ({ ...row, state: states[index] ?? row.state }));
      },
    },
    { name: 'history', acts: false, run: (params) => readHistory(queries, params) },
    { name: 'outcomes', acts: false, run: () => queries.outcomes() },
  ];
}

const DAY_MS = 86_400_000;

/** As far back as the store keeps points of the step. */
const HISTORY_MS: Readonly<Record<HistoryStep, number>> = {
  minute: DAY_MS / 12,
  hour: 14 * DAY_MS,
  day: 400 * DAY_MS,
};

async function readHistory(queries: Queries, params: Params): Promise<readonly HistoryPoint[]> {
  const id = neededParam(params, 'id');
  const step = oneOf(params, 'step', ['minute', 'hour', 'day'] as const) ?? 'hour';
  const to = Date.now();
  const whose = isProblemId(id) ? { problemId: id } : { bucketId: id };
  return queries.history({ ...whose, step, from: to - HISTORY_MS[step], to });
}

/** A bucket as `--json` and the administration API print it. */
export function printBucket(row: BucketRow, options: Pick<ListingOptions, 'entryCounts'>): object {
  const { bucketId, problemId, bucket, hits, firstSeen, lastSeen, entries, types } = row;
  const counts = options.entryCounts(entries);
  return {
    bucketId,
    problemId,
    ...bucket,
    name: bucketName(bucket),
    hits,
    firstSeen,
    lastSeen,
    entries: counts,
    types: Object.keys(types),
  };
}

function printProblem(row: ProblemRow, options: ListingOptions): object {
  const { program, module, location } = row;
  const name = bucketName({ program, programVersion: '', module, moduleVersion: '', location });
  return { ...row, name, entries: options.entryCounts(row.entries) };
}

/** All rows the filter lets through; `limit` bounds them. */
async function allRows<Row>(params: Params, read: (filter: RowFilter) => Promise<Page<Row>>): Promise<Row[]> {
  const limit = numberParam(params, 'limit') ?? Number.POSITIVE_INFINITY;
  if (limit < 1) throw new ServerError('malformed', 400, '"limit" must be 1 or more.');
  const filter = rowFilterOf(params);
  const found: Row[] = [];
  let after: string | undefined;
  do {
    const page = await read({
      ...filter,
      limit: Math.min(1_000, limit - found.length),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.rows);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return found;
}
