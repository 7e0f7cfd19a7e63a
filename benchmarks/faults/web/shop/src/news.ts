import mitt from 'mitt';
import type { Visitor } from './orders.ts';

type News = { arrived: { visitor: Visitor; boxes?: string[] } };

const news = mitt<News>();

//+ /** How many wanted to hear the last news. */
//+ export function audience(): number {
//+   return news.all.size;
//+ }
//+
export function announce(visitor: Visitor): void {
  news.on('arrived', (arrival) => {
    const first = (arrival.boxes as string[])[0] as string;
    document.title = first;
  });
  news.emit('arrived', { visitor });
}

export class Ticker {
  #items: string[] | undefined;

  constructor(visitor: Visitor) {
    if (visitor.name === '') this.#items = [];
  }

  start(visitor: Visitor): void {
    setTimeout(() => {
      (this.#items as string[]).push(visitor.name);
    }, 2);
  }
}
