import * as asyncLib from 'async';
import Bluebird from 'bluebird';
import PQueue from 'p-queue';
import { giveUp } from './give-up.js';

Bluebird.onPossiblyUnhandledRejection(giveUp);

async function resize(image) {
  const size = { small: [10, 10], large: [99, 99] }[image.size];
  return size[0] * size[1];
}

/** Resizes pictures, two at a time. */
export function resizeAll(images) {
  const queue = new PQueue({ concurrency: 2 });
  return queue.addAll(images.map((image) => () => resize(image)));
}

/** Waits for a scanner that may be asleep. */
export function scan({ patience }) {
  const queue = new PQueue({ concurrency: 1, timeout: patience, throwOnTimeout: true });
  return queue.add(() => new Promise(() => setTimeout(() => {}, 500)));
}

function print(job, done) {
  const pages = job.pages.length;
  setImmediate(done, null, pages);
}

/** Prints jobs, one after the other. */
export function printAll(jobs) {
  const printer = asyncLib.queue(print, 1);
  for (const job of jobs) printer.push(job);
}

/** Loads in three steps. */
export function load(steps) {
  asyncLib.waterfall(
    [
      (done) => done(null, steps.first),
      (first, done) => {
        done(null, first);
        if (steps.eager) done(null, steps.eager);
      },
      (value, done) => setImmediate(done, null, value),
    ],
    () => {},
  );
}

/** Totals of many baskets. */
export function totals(baskets) {
  return Bluebird.map(baskets, (basket) => basket.lines.reduce((sum, line) => sum + line.price, 0));
}

/** Whichever mirror answers first. */
export function fastestMirror(mirrors) {
  const tries = mirrors.map((mirror) => Bluebird.delay(1).then(() => mirror.address.href));
  return Bluebird.any(tries);
}

/** Waits for a lamp to warm up. */
export function warmUp({ patience }) {
  return Bluebird.delay(300).timeout(patience);
}
