/** Everything a visitor can do; each ends badly. */
import * as address from './address.ts';
import * as api from './api.ts';
import { Cart } from './cart.ts';
import * as catalog from './catalog.ts';
import * as checkout from './checkout.ts';
import * as money from './money.ts';
import * as news from './news.ts';
import type { Visitor } from './orders.ts';
import * as rules from './rules.ts';
import * as view from './view.ts';

type Visit = (visitor: Visitor) => unknown;

const NOW = 1_800_000_000_000;

export const VISITS: ReadonlyMap<string, Visit> = new Map<string, Visit>([
  ['cart-line-unknown', (visitor) => new Cart(visitor).lineTotal(visitor.sku)],
  [
    'cart-total-digits',
    (visitor) => {
      const cart = new Cart(visitor);
      cart.add(visitor.sku, 3, 2);
      return cart.total;
    },
  ],
  [
    'cart-note-long',
    (visitor) => {
      new Cart(visitor).note = visitor.name + visitor.sku.padEnd(13);
    },
  ],
  ['cart-voucher-unknown', (visitor) => new Cart(visitor).redeem(visitor.voucher.slice(0, 2), NOW)],
  ['cart-voucher-ended', (visitor) => new Cart(visitor).redeem(visitor.voucher, NOW)],
  ['cart-stored-text', (visitor) => Cart.fromStorage(visitor, `[${visitor.sku}]`)],
  ['cart-merge-nothing', (visitor) => new Cart(visitor).merge(undefined)],
  ['catalog-tags-map', catalog.tagLines],
  ['catalog-shelf-filter', (visitor) => catalog.shelves(visitor, true)],
  ['catalog-shelf-map', (visitor) => catalog.shelves(visitor, false)],
  ['catalog-title-sort', catalog.byTitle],
  ['catalog-search-closure', catalog.search],
  ['catalog-depth-recursion', (visitor) => catalog.depthOf(catalog.circular(visitor))],
  ['catalog-print-recursion', (visitor) => catalog.printCategory(catalog.circular(visitor), '')],
  ['catalog-pages-generator', catalog.countPages],
  ['api-status', (visitor) => api.request(`status/503/${visitor.voucher}`)],
  ['api-not-json', (visitor) => api.request(`text/${visitor.voucher}`)],
  ['api-broken-json', (visitor) => api.request(`broken/${visitor.voucher}`)],
  ['api-hangup', (visitor) => api.reachable(visitor.voucher)],
  ['api-timeout', (visitor) => api.quickly(visitor.voucher)],
  ['api-settings-text', (visitor) => api.settings(visitor.name)],
  ['checkout-charge-cause', (visitor) => checkout.order(visitor, false)],
  ['checkout-reserve-cause', (visitor) => checkout.order(visitor, true)],
  ['checkout-slot-await', checkout.deliver],
  ['checkout-confirm-then', checkout.confirm],
  ['checkout-carrier-any', checkout.anyCarrier],
  ['checkout-thrown-string', checkout.soldOut],
  ['checkout-rejected-object', checkout.declineLater],
  ['checkout-parcel-all', checkout.eachParcel],
  ['address-street-must', (visitor) => address.label(visitor, 'street')],
  ['address-town-must', (visitor) => address.label(visitor, 'town')],
  ['address-zone-fail', address.zone],
  ['address-island-fail', address.island],
  ['address-url-refused', (visitor) => address.mapLink('//map', visitor)],
  ['address-fragment-uri', (visitor) => address.fromLink(`%${visitor.name}`)],
  ['money-big-amount', money.toMoney],
  ['money-big-division', (visitor) => money.perPiece(visitor, 0)],
  ['money-parcel-weight', money.weight],
  ['money-parcel-callback', money.boxes],
  ['news-mitt-listener', news.announce],
  ['news-timer-callback', (visitor) => new news.Ticker(visitor).start(visitor)],
  ['rules-new-function', rules.applyRule],
  ['rules-eval', rules.evaluate],
  ['rules-frozen', rules.frozen],
  ['rules-circular-json', rules.compact],
  ['rules-proxy-trap', rules.watched],
  ['rules-structured-clone', rules.copied],
  ['rules-time-zone', rules.opening],
  ['reviews-chunk-map', async (visitor) => (await import('./reviews.ts')).showReviews(visitor)],
  ['reviews-chunk-must', async (visitor) => (await import('./reviews.ts')).showAuthors(visitor)],
  ['view-total-null', view.showTotal],
  ['view-nest-cycle', view.nest],
  ['view-selector', view.mark],
  ['view-attribute-name', view.tagged],
  ['view-remove-stranger', view.removeTwice],
  ['view-click-listener', view.bindOrder],
  ['view-handle-event', view.slide],
  ['view-connected-callback', view.definePrice],
  ['view-mutation-observer', view.observe],
  ['view-push-state', view.elsewhere],
  ['view-storage-json', view.remembered],
  ['view-base64', view.decoded],
]);
