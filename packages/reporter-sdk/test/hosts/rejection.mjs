async function fetchPrice(article) {
  await null;
  return article.price.toFixed(2);
}

void fetchPrice({});
setTimeout(() => console.log('never reached'), 60_000);
