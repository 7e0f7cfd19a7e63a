import type { HeadBytes } from './http-head.ts';
import type { Day, DayOptions } from './run-day.ts';

/** A lean event of another product, gzipped; an assumption, stated wherever it is used. */
const EVENT_BYTES = 2_230;

/** What a day costs, all of it from sites to the vendor. */
export interface DayFigures {
  readonly events: number;
  readonly samples: number;
  readonly bodies: number;
  readonly heads: number;
  readonly perChange: number;
  /** Bytes of events for each byte of ours: by bodies; with HTTP heads on our side alone; with them on both. */
  readonly fewer: { readonly bodies: number; readonly headsOfOurs: number; readonly headsOfBoth: number };
}

/** Adds up. An event is taken to have as long a head as an offer. */
export function figuresOf({ traffic }: Day, { crashes }: DayOptions, head: HeadBytes): DayFigures {
  const samples = traffic.headerBytes + traffic.payloadBytes;
  const bodies = traffic.offerBytes + traffic.leaseBytes + samples;
  const uploads = traffic.entries + traffic.refused;
  const heads = uploads * head.entry + (traffic.requests - uploads) * head.offer;
  const events = crashes * EVENT_BYTES;
  const fewer = {
    bodies: events / bodies,
    headsOfOurs: events / (bodies + heads),
    headsOfBoth: (events + crashes * head.offer) / (bodies + heads),
  };
  return { events, samples, bodies, heads, perChange: traffic.offerBytes / traffic.changes, fewer };
}

/** fr beside every crash sent as an event, as a page of text. */
export function printDay(day: Day, options: DayOptions, head: HeadBytes): string {
  const { sites, buckets, crashes, every, counts } = options;
  const { traffic, aboveAsked, hits } = day;
  const { events, samples, bodies, heads, perChange, fewer } = figuresOf(day, options, head);
  const requests = `${traffic.requests} requests of ${head.offer} B (${head.entry} B for an entry)`;
  const rows: readonly (readonly [string, number, number])[] = [
    [`counts: ${traffic.offers} offers`, traffic.offerBytes, 0],
    ['questions for leases', traffic.leaseBytes, 0],
    [`${traffic.entries} samples asked for | ${crashes} events of ${EVENT_BYTES} B`, samples, events],
    ['bodies together', bodies, events],
    [`HTTP request lines and headers: ${requests} | as many as events`, heads, crashes * head.offer],
    ['all together', bodies + heads, events + crashes * head.offer],
    ['… for each crash', (bodies + heads) / crashes, (events + crashes * head.offer) / crashes],
  ];
  const lines = rows.map(([what, ours, theirs]) => `${cell(ours)} ${cell(theirs)}  ${what}`);
  return [
    `a day of ${sites} sites, ${buckets} buckets, ${crashes} crashes (Zipf); a pass every ${every} min, counts every ${counts} min`,
    `${'fr, bytes'.padStart(16)} ${'every event'.padStart(16)}  from sites to the vendor`,
    ...lines,
    `times fewer: ${fewer.bodies.toFixed(1)} by bodies, ${fewer.headsOfOurs.toFixed(1)} with HTTP heads on fr's side alone, ${fewer.headsOfBoth.toFixed(1)} on both`,
    `${perChange.toFixed(1)} B for each of ${traffic.changes} changed buckets and windows, ${traffic.full} of them told in full`,
    `accepted above what was asked: ${aboveAsked}; refused on arrival: ${traffic.refused}; hits known to the vendor: ${hits} of ${crashes}`,
    `from the vendor to sites: ${traffic.replyBytes} B of replies`,
    '',
  ].join('\n');
}

function cell(amount: number): string {
  const text = amount >= 1_000 ? Math.round(amount).toLocaleString('en') : amount.toFixed(1);
  return text.padStart(16);
}
