/** A till: everything happens at once, in one call. */
import type { Fault, MessageData, Program } from './fault.ts';

interface CardData {
  readonly limit?: number;
  readonly expires?: string;
  readonly holder?: { readonly name: string } | null;
  readonly bank?: { readonly code: string } | null;
}

const lines = [{ sku: 'milk', title: 'Milk', price: { amount: '1.25' }, count: 2 }];

function paidBy(card: CardData): (data: MessageData) => unknown {
  return (data) => ({
    lines,
    card: { limit: 1e6, expires: '2030-01', holder: { name: data.user }, bank: { code: data.id }, ...card },
  });
}

const payments: readonly Fault[] = [
  {
    name: 'till-card-limit',
    operation: 'sell',
    input: paidBy({ limit: 5 }),
    says: /may not spend/,
    also: [{ operation: 'refund', input: paidBy({ limit: 5 }) }],
  },
  {
    name: 'till-card-expired',
    operation: 'sell',
    input: paidBy({ expires: '2019-12' }),
    says: /is older than/,
    also: [{ operation: 'refund', input: paidBy({ expires: '2020-02' }) }],
  },
  {
    name: 'till-card-without-holder',
    operation: 'sell',
    input: paidBy({ holder: null }),
    says: /null \(reading 'name'\)/,
    also: [{ operation: 'refund', input: paidBy({ holder: null }) }],
  },
  {
    name: 'till-card-without-bank',
    operation: 'sell',
    input: paidBy({ bank: null }),
    says: /null \(reading 'code'\)/,
    also: [{ operation: 'refund', input: paidBy({ bank: null }) }],
  },
  {
    name: 'till-drawer-negative',
    operation: 'payout',
    input: (data) => ({ cents: -data.number }),
    says: /E_DRAWER/,
    also: [
      { operation: 'sell', input: () => ({ lines, cash: 1 }) },
      { operation: 'refund', input: () => ({ lines }) },
    ],
  },
  {
    name: 'till-drawer-nan',
    operation: 'payout',
    input: (data) => ({ cents: `${data.number} cents` }),
    says: /the drawer holds numbers/,
  },
  {
    name: 'till-open-twice',
    operation: 'shift',
    input: (data) => ({ user: data.user, twice: true }),
    says: /E_STATE .*open already/,
  },
  {
    name: 'till-close-twice',
    operation: 'shift',
    input: (data) => ({ user: data.user }),
    says: /E_STATE .*closed already/,
  },
  {
    name: 'till-payment-kind',
    operation: 'pay',
    input: () => ({ kind: 'cheque' }),
    says: /not a constructor/,
  },
  { name: 'till-gift-brand', operation: 'gift', input: () => ({ kind: 'cash' }), says: /private member/ },
  {
    name: 'till-address-without-home',
    operation: 'address',
    input: (data) => ({ name: data.user }),
    says: /undefined/,
  },
  {
    name: 'till-archive-circle',
    operation: 'archive',
    input: (data) => ({ user: data.user }),
    says: /circular/,
  },
];

const goods: readonly Fault[] = [
  {
    name: 'till-line-without-price',
    operation: 'sell',
    input: (data) => ({ lines: [...lines, { sku: data.id, count: 1 }] }),
    says: /undefined \(reading 'amount'\)/,
    also: [{ operation: 'reduce', input: (data) => ({ lines: [{ sku: data.id, count: 1 }], discount: 3 }) }],
  },
  {
    name: 'till-price-text',
    operation: 'price',
    input: (data) => ({ text: data.text }),
    says: /E_PRICE/,
    also: [
      { operation: 'prices', input: (data) => ({ texts: ['1.00', data.id] }) },
      {
        operation: 'sell',
        input: (data) => ({ lines: [{ sku: 'x', price: { amount: data.user }, count: 1 }] }),
      },
    ],
  },
  {
    name: 'till-weight-digits',
    operation: 'weigh',
    input: (data) => ({ lines: [{ ...lines[0], digits: 101 + (data.number % 7) }] }),
    says: /toFixed\(\) digits/,
  },
  {
    name: 'till-title-order',
    operation: 'titles',
    input: (data) => ({ lines: [...lines, { sku: data.id, price: { amount: '1.00' }, count: 1 }] }),
    says: /undefined/,
  },
  {
    name: 'till-discount-negative',
    operation: 'reduce',
    input: (data) => ({ lines, percent: -data.number, reason: data.text }),
    says: /^EnsureError .*discount of -/,
  },
  {
    name: 'till-discount-reason',
    operation: 'reduce',
    input: (data) => ({ lines, percent: 5, reason: data.id.slice(0, 1) }),
    says: /without a reason/,
  },
  {
    name: 'till-discount-percent',
    operation: 'reduce',
    input: (data) => ({ lines, discount: data.number }),
    says: /RangeError .*discount of/,
  },
  {
    name: 'till-voucher-form',
    operation: 'reduce',
    input: (data) => ({ lines, voucher: data.text }),
    says: /no voucher/,
    also: [{ operation: 'redeem', input: (data) => ({ vouchers: ['V-1', data.id], limit: 5 }) }],
  },
  {
    name: 'till-voucher-limit',
    operation: 'redeem',
    input: (data) => ({ vouchers: [`V-${data.number}`, 'V-2', 'V-3'], limit: 1 }),
    says: /more than 1 vouchers/,
    also: [
      { operation: 'spend', input: () => ({ vouchers: ['V-1', 'V-2', 'V-3'], limit: 1, until: 'V-9' }) },
    ],
  },
  {
    name: 'till-reserve-missing',
    operation: 'reserve',
    input: (data) => ({ sku: data.id, count: data.number }),
    says: /E_STOCK/,
    also: [
      {
        operation: 'stocktaking',
        input: () => ({ moves: [{ sku: 'milk', count: 2, spare: 4 }] }),
      },
    ],
  },
  {
    name: 'till-transfer-missing',
    operation: 'transfer',
    input: (data) => ({ sku: data.id, count: data.number }),
    says: /E_STOCK/,
    also: [{ operation: 'stocktaking', input: (data) => ({ moves: [{ sku: data.id, count: 21 }] }) }],
  },
];

const paper: readonly Fault[] = [
  {
    name: 'till-paper-thermal',
    operation: 'feed',
    input: (data) => ({ make: 'thermal', lines: data.number }),
    says: /E_PAPER/,
  },
  {
    name: 'till-paper-needle',
    operation: 'feed',
    input: (data) => ({ make: 'needle', lines: data.number }),
    says: /E_RIBBON/,
  },
  {
    name: 'till-slip-width',
    operation: 'slip',
    input: (data) => ({ text: `${data.text}${' '.repeat(41)}` }),
    says: /E_WIDTH/,
  },
  {
    name: 'till-receipt-function',
    operation: 'receipt',
    input: (data) => ({ callback: true, user: data.user }),
    says: /a function in a receipt/,
  },
  { name: 'till-footer-empty', operation: 'footer', input: () => ({ lines: [] }), says: /E_FOOTER/ },
  {
    name: 'till-barcode-length',
    operation: 'scan',
    input: (data) => ({ code: data.id }),
    says: /digits in/,
    also: [{ operation: 'scanAll', input: (data) => ({ codes: ['4006381333931', data.path] }) }],
  },
];

const office: readonly Fault[] = [
  {
    name: 'till-price-list-json',
    operation: 'priceList',
    input: (data) => ({ text: data.text }),
    says: /^SyntaxError/,
  },
  {
    name: 'till-hours-json',
    operation: 'hours',
    input: (data) => ({ text: data.user }),
    says: /^SyntaxError/,
  },
  {
    name: 'till-ledger-sum',
    operation: 'sum',
    input: (data) => ({ text: `${data.number}.50` }),
    says: /BigInt/,
  },
  {
    name: 'till-round-unsafe',
    operation: 'round',
    input: (data) => ({ step: 5, cents: [10, data.number + 0.5] }),
    says: /cannot round/,
    also: [{ operation: 'roundOne', input: (data) => ({ step: 10, cents: [data.number + 0.25] }) }],
  },
  {
    name: 'till-amount-number',
    operation: 'convert',
    input: (data) => ({ cents: data.number, currency: 'EUR' }),
    says: /is no number/,
  },
  {
    name: 'till-amount-currency',
    operation: 'export',
    input: (data) => ({ cents: 1, currency: data.id }),
    says: /E_CURRENCY/,
  },
  {
    name: 'till-setting-unknown',
    operation: 'setting',
    input: (data) => ({ key: data.id }),
    says: /no setting/,
  },
  {
    name: 'till-defaults-frozen',
    operation: 'force',
    input: (data) => ({ language: data.user }),
    says: /read only property/,
  },
  {
    name: 'till-tariff-empty',
    operation: 'tariff',
    input: () => ({ tariff: '{}', kind: 'food' }),
    says: /no rates in/,
  },
  {
    name: 'till-tariff-unknown',
    operation: 'tariff',
    input: (data) => ({ tariff: '{"food":9}', kind: data.text }),
    says: /no rate for/,
  },
];

export const till: Program = {
  name: 'till',
  format: 'esbuild-esm',
  modules: [],
  renamed: { asMoney: 'formatMoney' },
  faults: [...payments, ...goods, ...paper, ...office],
};
