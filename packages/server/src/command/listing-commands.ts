import type { Command } from 'commander';
import { filterParams, withFilters, withOrder } from './filter-options.ts';
import { printTable } from './printable.ts';
import type { Open } from './reach/reach.ts';
import { addVerbCommand } from './reach/reach-options.ts';
import { printShown } from './shown.ts';

interface ListedBucket {
  readonly bucketId: string;
  readonly program: string;
  readonly programVersion: string;
  readonly name: string;
  readonly hits: number;
  readonly entries: Readonly<Record<string, number>>;
  readonly types: readonly string[];
}

interface ListedProblem {
  readonly problemId: string;
  readonly program: string;
  readonly name: string;
  readonly hits: number;
  readonly buckets: number;
  readonly versions: readonly string[];
}

interface ListedEntry {
  readonly entryId: string;
  readonly bucketId: string;
  readonly state: string;
  readonly types: readonly string[];
  readonly bytes: number;
  readonly at: number;
}

/** What the verbs of lists return. */
interface ListedPage<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

/** Adds `buckets`, `problems`, `entries` and `show`. */
export function addListingCommands(program: Command, open: Open): void {
  addVerbCommand<ListedPage<ListedBucket>>(program, open, {
    verb: 'buckets',
    acts: false,
    summary: 'where programs failed, most hits first',
    options: (command) => withOrder(withFilters(command)),
    params: filterParams,
    print: (page) => printPage(page, printBuckets),
  });
  addVerbCommand<ListedPage<ListedProblem>>(program, open, {
    verb: 'problems',
    acts: false,
    summary: 'buckets of one cause across versions',
    options: (command) => withOrder(withFilters(command)),
    params: filterParams,
    print: (page) => printPage(page, printProblems),
  });
  addVerbCommand<ListedPage<ListedEntry>>(program, open, {
    verb: 'entries',
    acts: false,
    summary: 'failure reports held, newest first',
    options: (command) => withFilters(command).option('--bucket <id>', 'only of this bucket'),
    params: filterParams,
    print: (page) => printPage(page, printEntries),
  });
  addVerbCommand<unknown>(program, open, {
    verb: 'show',
    acts: false,
    summary: 'everything about a bucket, problem, entry or demand',
    arguments: '<id>',
    params: ([id]) => ({ id }),
    print: printShown,
  });
}

function printPage<Row>({ rows, next }: ListedPage<Row>, print: (rows: readonly Row[]) => string): string {
  if (next === undefined) return print(rows);
  const shown = rows.length === 0 ? 'none found so far' : print(rows);
  return `${shown}\n\nThere is more: the same with --after ${next}, or with a larger --limit.`;
}

function printBuckets(buckets: readonly ListedBucket[]): string {
  if (buckets.length === 0) return 'no bucket yet: no hit was received';
  return printTable(
    ['bucket', 'program', 'where', 'hits #', 'entries', 'types'],
    buckets.map((row) => [
      row.bucketId,
      `${row.program} ${row.programVersion}`,
      row.name,
      String(row.hits),
      Object.entries(row.entries)
        .map(([state, count]) => `${count} ${state}`)
        .join(', '),
      row.types.join(', '),
    ]),
  );
}

function printProblems(problems: readonly ListedProblem[]): string {
  if (problems.length === 0) return 'no problem yet: no hit was received';
  return printTable(
    ['problem', 'program', 'where', 'hits #', 'versions'],
    problems.map((row) => [row.problemId, row.program, row.name, String(row.hits), row.versions.join(', ')]),
  );
}

function printEntries(entries: readonly ListedEntry[]): string {
  if (entries.length === 0) return 'no entry';
  return printTable(
    ['entry', 'bucket', 'state', 'types', 'bytes #', 'stored'],
    entries.map((row) => [
      row.entryId,
      row.bucketId,
      row.state,
      row.types.join(', '),
      String(row.bytes),
      new Date(row.at).toISOString(),
    ]),
  );
}
