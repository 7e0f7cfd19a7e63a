async function pay(basket) {
  return basket.items[0].price;
}
void pay({ items: [] });
setTimeout(() => Promise.reject('the drawer is stuck'), 20);
setTimeout(() => Promise.reject({ drawer: 2 }), 40);
setTimeout(() => console.log('went on'), 80);
