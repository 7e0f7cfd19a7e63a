import * as cheerio from 'cheerio';
import { Marked } from 'marked';
import pug from 'pug';

/** Page of an article. */
export function renderPage({ template, page }) {
  const render = pug.compile(template, { filename: 'article.pug' });
  return render({ page });
}

/** Help text of an article. */
export function helpText(markdown) {
  const marked = new Marked();
  return marked.parse(markdown);
}

const links = {
  link(token) {
    const target = typeof token === 'string' ? token : token.href;
    const url = new URL(target, 'https://shop.example');
    const section = url.hash.match(/^#(\w+)-/);
    return `<a href="${url}" data-section="${section[1]}">`;
  },
};

/** Manual, whose links name their section. */
export function manual(markdown) {
  const marked = new Marked({ renderer: links });
  return marked.parse(markdown);
}

/** Prices shown on a page of a competitor. */
export function shownPrices({ html, selector }) {
  const $ = cheerio.load(html);
  const prices = [];
  $(selector).each((_index, element) => {
    const match = /(\d+),(\d\d)/.exec($(element).text());
    prices.push(Number(`${match[1]}.${match[2]}`));
  });
  return prices;
}
