import chokidar from 'chokidar';
import { EMPTY, firstValueFrom, from, interval, map, NEVER, of, timeout } from 'rxjs';

/** Shows prices as they change. */
export function showPrices(prices) {
  from(prices).subscribe((price) => {
    console.log(price.value.toFixed(2));
  });
}

/** Names of what is sold. */
export function soldNames(sales) {
  const names = from(sales).pipe(map((sale) => sale.article.name));
  names.subscribe((name) => console.log(name));
}

/** The first reading of a sensor. */
export async function firstReading({ readings }) {
  const source = readings.length === 0 ? EMPTY : of(...readings);
  return await firstValueFrom(source);
}

/** Waits for a heartbeat. */
export function heartbeat({ patience }) {
  NEVER.pipe(timeout(patience)).subscribe((beat) => console.log(beat));
}

/** Counts down and fails late. */
export function countDown({ names }) {
  interval(1).subscribe((index) => {
    console.log(names[index].length);
  });
}

/** Reads what falls into a folder. */
export function watchInbox({ folder }) {
  const watcher = chokidar.watch(folder, { depth: 0 });
  watcher.on('add', (file, stats) => {
    const [kind] = file.match(/invoice-\d+/);
    console.log(kind, stats?.size);
  });
}
