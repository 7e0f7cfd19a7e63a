import { type Question, question } from './asked.ts';
import * as jobs from './jobs.ts';
import * as quotes from './quotes.ts';
import * as tariffs from './tariffs.ts';

const TASKS: ReadonlyMap<string, (question: Question) => unknown> = new Map<
  string,
  (question: Question) => unknown
>([
  ['tariff-file-sync', tariffs.load],
  ['tariff-file-await', tariffs.loadLater],
  ['tariff-json', (asked) => tariffs.parse(`${asked.customer}!`)],
  ['tariff-file-cause', tariffs.open],
  ['tariff-last-getter', (asked) => new tariffs.Table(asked.days).last],
  ['tariff-days-negative', (asked) => new tariffs.Table(asked.days).find(-asked.days)],
  ['tariff-days-many', (asked) => new tariffs.Table(asked.days).find(asked.days * 100)],
  ['quote-big-amount', quotes.price],
  ['quote-parcel-unit', quotes.freight],
  ['quote-assert-days', quotes.checked],
  ['quote-assert-length', (asked) => quotes.checked({ ...asked, days: 1 })],
  ['quote-hash-name', quotes.seal],
  ['quote-buffer-size', quotes.buffer],
  ['quote-url', quotes.endpoint],
  ['quote-map-callback', quotes.cheapest],
  ['quote-ring-recursion', (asked) => quotes.reach(quotes.ring(asked))],
  ['quote-generator', (asked) => [...quotes.instalments(asked)]],
  ['job-listener', jobs.schedule],
  ['job-error-event', jobs.failing],
  ['job-timer', jobs.later],
  ['job-private-await', (asked) => new jobs.Nightly(asked).run(asked)],
  ['job-request-listener', jobs.serve],
  ['job-fetch-refused', jobs.ask],
  ['job-parse-many', jobs.both],
  ['job-thrown-string', jobs.refuse],
  ['job-any', jobs.first],
]);

//+ /** Printed by --version. */
//+ export const BUILT = '2026-02';
//+
function byHand(task: () => unknown): void {
  task();
}

function byClock(task: () => unknown): void {
  setImmediate(() => {
    task();
  });
}

async function byQueue(task: () => unknown): Promise<void> {
  for (const run of [task]) await run();
}

const CALLERS: Readonly<Record<string, (task: () => unknown) => unknown>> = {
  hand: byHand,
  clock: byClock,
  queue: byQueue,
};

const [wish = '', number = '0', caller = 'hand'] = process.argv.slice(2);
const task = TASKS.get(wish);
if (task !== undefined) CALLERS[caller]?.(() => task(question(Number(number))));
