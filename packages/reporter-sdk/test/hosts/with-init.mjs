import { init } from '@fr/reporter-sdk';

init();
init();

function checkout(basket) {
  return basket.items[0].price;
}

checkout({ items: [] });
