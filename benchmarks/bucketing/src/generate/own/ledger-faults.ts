/** A command line tool: files, other people's modules, and what the engine itself refuses. */
import type { Fault, MessageData, Program } from './fault.ts';

const missing = (data: MessageData): unknown => ({ path: `${data.path}.missing` });

const books: readonly Fault[] = [
  {
    name: 'ledger-amount-text',
    operation: 'amount',
    input: (data) => ({ text: data.text }),
    says: /no amount/,
    also: [
      { operation: 'statement', input: (data) => ({ text: `1.2.2026;x;${data.id}x` }) },
      { operation: 'balance', input: (data) => ({ left: [data.user], right: [] }) },
    ],
  },
  {
    name: 'ledger-csv-quote',
    operation: 'statement',
    input: (data) => ({ text: `1.2.2026;"${data.id};1,00` }),
    says: /CSV_QUOTE/,
  },
  {
    name: 'ledger-csv-width',
    operation: 'statement',
    input: (data) => ({ text: `1.2.2026;${data.id};1,00\n2.2.2026` }),
    says: /CSV_WIDTH/,
  },
  {
    name: 'ledger-statement-month',
    operation: 'statement',
    input: (data) => ({ text: `1.${data.number}.2026;x;1` }),
    says: /no month in/,
  },
  {
    name: 'ledger-gaps-month',
    operation: 'gaps',
    input: (data) => ({ from: `1.${data.number}.1999`, to: '1.1.2026' }),
    says: /no month in/,
  },
  {
    name: 'ledger-gaps-type',
    operation: 'gaps',
    input: (data) => ({ from: data.number, to: '1.1.2026' }),
    says: /a short date is a text/,
  },
  {
    name: 'ledger-gaps-far',
    operation: 'gaps',
    input: (data) => ({ from: `1.1.${2100 + (data.number % 100)}`, to: '2.1.2300' }),
    says: /is too far away/,
  },
  {
    name: 'ledger-tab',
    operation: 'check',
    input: (data) => ({ lines: ['', `${data.user}\t${data.text}`] }),
    says: /tab in line 2/,
  },
  {
    name: 'ledger-bars-negative',
    operation: 'bars',
    input: (data) => ({ amounts: [5, -data.number] }),
    says: /Invalid count value/,
  },
  {
    name: 'ledger-columns-negative',
    operation: 'columns',
    input: (data) => ({ count: -data.number }),
    says: /Invalid array length/,
  },
  {
    name: 'ledger-accounts-missing',
    operation: 'accounts',
    input: (data) => ({ book: { name: data.user } }),
    says: /not iterable/,
  },
];

const expressions: readonly Fault[] = [
  {
    name: 'ledger-divided',
    operation: 'evaluate',
    input: (data) => ({ node: { op: '/', left: data.number, right: 0 } }),
    says: /divided by nothing/,
  },
  {
    name: 'ledger-operator',
    operation: 'evaluate',
    input: (data) => ({ node: { op: data.text, left: 1, right: { op: '+', left: 1, right: 1 } } }),
    says: /no operator/,
  },
  {
    name: 'ledger-name-unknown',
    operation: 'evaluate',
    input: (data) => ({ node: data.id }),
    says: /undefined \(reading/,
  },
  {
    name: 'ledger-names-circle',
    operation: 'evaluate',
    input: (data) => ({ names: { [data.id]: data.user, [data.user]: data.id }, node: data.id }),
    says: /call stack/,
  },
  {
    name: 'ledger-account-circle',
    operation: 'depth',
    input: (data) => ({ name: data.user }),
    says: /call stack/,
  },
  { name: 'ledger-ring', operation: 'ring', input: () => ({}), says: /call stack/ },
  {
    name: 'ledger-template-run',
    operation: 'template',
    input: (data) => ({ template: `\${entry.booking.text}`, entry: { id: data.id } }),
    says: /undefined \(reading 'text'\)/,
  },
  {
    name: 'ledger-template-syntax',
    operation: 'template',
    input: (data) => ({ template: `\${entry.${data.number}}` }),
    says: /^SyntaxError/,
  },
  {
    name: 'ledger-formula-run',
    operation: 'formula',
    input: (data) => ({ text: 'entry.vat.rate * 2', entry: { id: data.id } }),
    says: /undefined \(reading 'rate'\)/,
  },
  {
    name: 'ledger-formula-syntax',
    operation: 'formula',
    input: (data) => ({ text: `entry +* ${data.number}` }),
    says: /^SyntaxError/,
  },
];

const files: readonly Fault[] = [
  { name: 'ledger-settings-missing', operation: 'settings', input: missing, says: /ENOENT/ },
  {
    name: 'ledger-books-missing',
    operation: 'books',
    input: (data) => ({ folder: `${data.path}/books` }),
    says: /ENOENT/,
  },
  { name: 'ledger-show-missing', operation: 'show', input: missing, says: /ENOENT.*open/, frameless: true },
  { name: 'ledger-size-missing', operation: 'size', input: missing, says: /ENOENT.*stat/, frameless: true },
  {
    name: 'ledger-print-folder',
    operation: 'print',
    input: () => ({ path: '.' }),
    says: /EISDIR.*read/,
    frameless: true,
  },
  {
    name: 'ledger-book-missing',
    operation: 'load',
    input: missing,
    frameless: true,
    says: /ENOENT/,
    also: [{ operation: 'loadAll', input: missing }],
  },
  {
    name: 'ledger-rates-missing',
    operation: 'rates',
    input: missing,
    frameless: true,
    says: /ENOENT/,
    also: [
      { operation: 'loadAll', input: (data) => ({ path: 'package.json', rates: `${data.id}.missing` }) },
    ],
  },
  {
    name: 'ledger-packer-missing',
    operation: 'pack',
    input: (data) => ({ packer: `/opt/${data.id}/zpack`, path: data.path }),
    says: /ENOENT.*spawnSync/,
  },
  {
    name: 'ledger-editor-missing',
    operation: 'edit',
    input: (data) => ({ editor: `/opt/${data.id}/edit`, path: data.path }),
    says: /ENOENT.*spawn/,
  },
];

const conversions: readonly Fault[] = [
  {
    name: 'ledger-balance-left',
    operation: 'balance',
    input: () => ({ left: [], right: [] }),
    says: /ERR_ASSERTION .* left side/,
  },
  {
    name: 'ledger-balance-unequal',
    operation: 'balance',
    input: (data) => ({ left: [`${data.number}`], right: ['1'] }),
    says: /ERR_ASSERTION .*strictly equal/,
  },
  {
    name: 'ledger-copy-differs',
    operation: 'compare',
    input: (data) => ({ book: { id: data.id, text: data.text }, copy: { id: data.id, text: data.user } }),
    says: /ERR_ASSERTION .*deep-equal/,
  },
  {
    name: 'ledger-link-percent',
    operation: 'name',
    input: (data) => ({ link: `books/%E4${data.id}%` }),
    says: /URIError/,
  },
  {
    name: 'ledger-server-url',
    operation: 'server',
    input: (data) => ({ address: data.text }),
    says: /ERR_INVALID_URL/,
  },
  {
    name: 'ledger-pattern',
    operation: 'match',
    input: (data) => ({ pattern: `(${data.number}` }),
    says: /Invalid regular expression/,
  },
  { name: 'ledger-bytes-missing', operation: 'bytes', input: () => ({}), says: /ERR_INVALID_ARG_TYPE/ },
  {
    name: 'ledger-locale',
    operation: 'local',
    input: (data) => ({ amount: 1, locale: `x_${data.number}` }),
    says: /locale|language tag/,
  },
  {
    name: 'ledger-base',
    operation: 'base',
    input: (data) => ({ amount: 5, base: data.number }),
    says: /radix/,
  },
  {
    name: 'ledger-stamp',
    operation: 'stamp',
    input: (data) => ({ seconds: data.user }),
    says: /Invalid time value/,
  },
  {
    name: 'ledger-normal-form',
    operation: 'normal',
    input: (data) => ({ word: 'ü', form: data.id }),
    says: /normalization form/,
  },
];

export const ledger: Program = {
  name: 'ledger',
  format: 'tsc-esm',
  modules: ['tidy-csv', 'short-date'],
  renamed: { define: 'defineName' },
  faults: [...books, ...expressions, ...files, ...conversions],
};
