import barcode from './barcode.ts';
import { Basket } from './basket.ts';
import footer from './footer.ts';
import { Amount, asMoney, makeRounder, parseLedgerSum, parsePrice } from './money.ts';
import { address, archive, leftOn, payment } from './payments.ts';
import { printers, safe } from './printers.ts';
import { Abroad, configure, parseHours, parsePriceList, settings } from './settings.ts';
import { Stock } from './stock.ts';
import { Till } from './till.ts';

type Input = any;

const stock = new Stock();
const till = new Till();

const operations: Record<string, (input: Input) => unknown> = {
  help: () => asMoney(0),
  sell: (order) => till.sell(order),
  refund: (order) => till.refund(order),
  shift(input) {
    till.open(input.user);
    if (input.twice) till.open(input.user);
    till.close(input.user);
    return till.close(input.user);
  },
  payout(input) {
    till.drawer = Number(input.cents);
    return till.drawer;
  },
  weigh: (order) => new Basket(order.lines).weights(),
  titles: (order) => new Basket(order.lines).titles,
  reduce(order) {
    const basket = new Basket(order.lines);
    if (order.voucher) basket.applyVoucher(order.voucher);
    if (order.percent !== undefined) basket.applyDiscount(order.percent, order.reason);
    if (order.discount) basket.discount = order.discount;
    return basket.total;
  },
  redeem(order) {
    const basket = new Basket([]);
    for (const voucher of order.vouchers) basket.applyVoucher(voucher);
    return [...basket.vouchers(order.limit)];
  },
  spend(order) {
    const basket = new Basket([]);
    for (const voucher of order.vouchers) basket.applyVoucher(voucher);
    for (const voucher of basket.vouchers(order.limit)) if (voucher === order.until) return voucher;
    return undefined;
  },
  reserve: (move) => stock.reserve(move),
  transfer: (move) => stock.transfer(move),
  stocktaking: (input) => stock.take(input.moves),
  price: (input) => parsePrice(input.text),
  prices: (input) => input.texts.map(parsePrice),
  feed: (input) => printers[input.make as 'thermal'].feed(input.lines),
  slip: (input) => printers.needle.print_slip(input.text),
  receipt: (input) => safe`total ${input.callback ? operations['sell'] : 1} for ${input.user}`,
  footer: (input) => footer(input.lines),
  scan: (input) => barcode(input.code),
  scanAll: (input) => input.codes.map((code: string) => barcode(code)),
  priceList: (input) => parsePriceList(input.text),
  hours: (input) => parseHours(input.text),
  sum: (input) => parseLedgerSum(input.text),
  round: (input) => input.cents.map(makeRounder(input.step)),
  roundOne: (input) => makeRounder(input.step)(input.cents[0]),
  convert: (input) => +new Amount(input.cents, input.currency),
  export: (input) => JSON.stringify({ amounts: [new Amount(input.cents, input.currency)] }),
  setting: (input) => settings[input.key],
  force: (input) => Abroad.force(input.language),
  pay: (input) => payment(input.kind),
  gift: (input) => leftOn(input.kind),
  address: (input) => address(input),
  archive: (input) => archive(input),
  async tariff(input) {
    configure({ tariff: input.tariff });
    const { Tariff } = await import('./tariff.ts');
    return Tariff.rateOf(input.kind);
  },
};

/** Does one thing by its name. */
export function perform(operation: string, input: Input): unknown {
  const act = operations[operation];
  if (act === undefined) throw new Error(`no operation ${operation}`);
  return act(input);
}
