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
import { neededParam, numberParam, oneOf, type Params, textParam, type Verb } from './verb.ts';

/** What differs between a site and a vendor in what they list. */
export interface ListingOptions {
  readonly queries: Queries;
  /** Entry counts as this server speaks of them: `{pending, uploaded}` at a site, `{stored}` at the vendor. */
  readonly entryCounts: (entries: BucketRow['entries']) => Readonly<Record<string, number>>;
  /** The states of these entries as people see them, in their order. */
  readonly entryStates: (rows: readonly EntryRow[]) => Promise<readonly string[]>;
}

/**
 * `buckets`, `problems`, `entries`: what the server holds, a {@link ListedPage} at a time. All take what {@link rowFilterOf}
 * reads, `limit` (100 where it is not given, at most 10,000) and `after`, the `next` of the page before.
 * `history`: the curve of a bucket or problem `id`, by `step` (`minute`, `hour` or `day`) as far back as there are any.
 * `outcomes`: what became of all that ever arrived, and what reporters have given up before it could.
 */
export function listingVerbs(options: ListingOptions): readonly Verb[] {
  const { queries } = options;
  return [
    {
      name: 'buckets',
      acts: false,
      run: (params) =>
        readPage(
          params,
          (filter) => queries.buckets(filter),
          (rows) => rows.map((row) => printBucket(row, options)),
        ),
    },
    {
      name: 'problems',
      acts: false,
      run: (params) =>
        readPage(
          params,
          (filter) => queries.problems(filter),
          (rows) => rows.map((row) => printProblem(row, options)),
        ),
    },
    {
      name: 'entries',
      acts: false,
      run: (params) =>
        readPage(
          params,
          (filter) => queries.entries(filter),
          async (rows) => {
            const states = await options.entryStates(rows);
            return rows.map((row, index) => ({ ...row, state: states[index] ?? row.state }));
          },
        ),
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

/** A page as `--json` and the administration API print it; `next` is absent on the last. */
interface ListedPage {
  readonly rows: readonly unknown[];
  readonly next?: string;
}

const ROWS = 100;
const MOST_ROWS = 10_000;

/** Of one store call; and how many calls a page may take, at some 20 ms each, before it comes back short, with its `next`. */
const ROWS_A_CALL = 1_000;
const MOST_CALLS = 100;

/** A filter that few rows pass takes many calls of the store: people get a full page all the same. */
async function readPage<Row>(
  params: Params,
  read: (filter: RowFilter) => Promise<Page<Row>>,
  print: (rows: readonly Row[]) => readonly unknown[] | Promise<readonly unknown[]>,
): Promise<ListedPage> {
  const limit = numberParam(params, 'limit') ?? ROWS;
  if (limit < 1 || limit > MOST_ROWS)
    throw new ServerError('malformed', 400, `"limit" must be 1 to ${MOST_ROWS}; go on with "after".`);
  const filter = rowFilterOf(params);
  const rows: Row[] = [];
  let next = textParam(params, 'after');
  for (let calls = 0; calls < MOST_CALLS; calls++) {
    const after = next === undefined ? {} : { after: next };
    const page = await read({ ...filter, limit: Math.min(ROWS_A_CALL, limit - rows.length), ...after });
    rows.push(...page.rows);
    next = page.next;
    if (next === undefined || rows.length >= limit) break;
  }
  return { rows: await print(rows), ...(next !== undefined && { next }) };
}
