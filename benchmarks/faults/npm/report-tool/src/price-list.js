import { parse } from 'yaml';

/** Articles by number, from the text the warehouse sends. */
export function loadPriceList(text) {
  const list = parse(text, { strict: true });
  const byNumber = new Map();
  list.articles.forEach((article) => {
    byNumber.set(article.number, article.price);
  });
  return byNumber;
}

/** Tax rates by country. */
export function loadTaxTable(text) {
  const rates = parse(text, { strict: true });
  return new Map(Object.entries(rates));
}
