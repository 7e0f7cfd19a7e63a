import { expect, test } from 'vitest';
import { measureHeads } from '../src/day/http-head.ts';
import { runDay } from '../src/day/run-day.ts';
import { figuresOf, printDay } from '../src/day/table.ts';

const SIZE = { sites: 5, buckets: 50, crashes: 20_000, every: 60, counts: 60 };

test('a day tells every crash in few bytes, brings what was asked for and not one sample more', async () => {
  const [day, head] = [await runDay(SIZE), await measureHeads()];
  const { perChange, fewer } = figuresOf(day, SIZE, head);
  expect([day.hits, day.aboveAsked]).toEqual([SIZE.crashes, 0]);
  // Of each bucket a stack and an environment.
  expect(day.traffic.entries).toBeGreaterThanOrEqual(SIZE.buckets);
  expect(perChange).toBeLessThan(40);
  expect(fewer.headsOfOurs).toBeGreaterThan(100);
  expect(head.offer).toBeGreaterThan(200);
  expect(printDay(day, SIZE, head)).toContain('accepted above what was asked: 0;');
}, 120_000);

test('counts that wait are all told in the end, and cost less than those that do not', async () => {
  const [waiting, prompt] = [await runDay({ ...SIZE, counts: 240 }), await runDay(SIZE)];
  expect([waiting.hits, waiting.traffic.entries]).toEqual([SIZE.crashes, prompt.traffic.entries]);
  expect(waiting.traffic.offerBytes).toBeLessThan(prompt.traffic.offerBytes);
}, 120_000);
