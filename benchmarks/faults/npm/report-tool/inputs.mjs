// What each fault feeds to which function; `n` varies the data, never the cause.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const words = ['apples', 'Birnen', 'käse', 'x-1', 'a much longer word than the others'];
const word = (n) => words[n % words.length];

function place(name, text) {
  mkdirSync('data', { recursive: true });
  writeFileSync(`data/${name}`, text);
  return resolve('data', name);
}

function nested(depth, leaf) {
  let text = '';
  for (let level = 0; level < depth; level += 1) text += `${'  '.repeat(level)}box${level}:\n`;
  return `${text}${'  '.repeat(depth)}${leaf}\n`;
}

export const faults = {
  'yaml-duplicate-key': ['price-list#loadPriceList', (n) => `articles: []\n${word(n)}: 1\n${word(n)}: 2\n`],
  'yaml-unclosed-list': ['price-list#loadPriceList', (n) => `articles: [${word(n)}, 2\n`],
  'yaml-tax-duplicate-key': ['price-list#loadTaxTable', (n) => `DE: 19\n${word(n)}: 7\n${word(n)}: ${n}\n`],
  'price-list-without-articles': ['price-list#loadPriceList', (n) => `articel: ${word(n)}\n`],
  'js-yaml-unknown-tag': ['settings#readSettings', (n) => `name: ${word(n)}\nzone: !zone${n} here\n`],
  'js-yaml-bad-indent': ['settings#readSettings', (n) => `name: ${word(n)}\n  zone: ${n}\n`],
  'js-yaml-deep-alias': ['settings#readLayout', (n) => nested(9 + n, `footer: *missing${n}`)],
  'csv-columns': ['customers#importCustomers', (n) => `id,name\n1,${word(n)}\n2,b,${n}\n`],
  'csv-quote': ['customers#importCustomers', (n) => `id,name\n1,"${word(n)}"${n}\n`],
  'csv-stream-columns': [
    'customers#streamCustomers',
    (n) => place(`customers${n}.csv`, `id,name\n1,a\n2,b,${n}\n`),
  ],
  'xml2js-close-tag': ['invoices#readInvoice', (n) => `<invoice><total>${n}</totl></invoice>`],
  'xml2js-no-invoice': ['invoices#readInvoice', (n) => `<bill><total>${n}</total></bill>`],
  'fxp-unclosed': ['invoices#readOrder', (n) => `<order><item>${word(n)}</order>`],
  'fxp-value-callback': ['invoices#readForeignOrder', (n) => `<order><amount>${n * 10}</amount></order>`],
  'handlebars-helper': [
    'letters#renderLetter',
    (n) => ({ template: `Dear ${word(n)}, {{money total}}`, view: { totl: n } }),
  ],
  'handlebars-inline-helper': [
    'letters#renderLetter',
    (n) => ({ template: `{{#each lines}}${n} {{shout title}}{{/each}}`, view: { lines: [{}] } }),
  ],
  'handlebars-parse': [
    'letters#renderLetter',
    (n) => ({ template: `Dear ${word(n)}, {{#if total}}`, view: {} }),
  ],
  'handlebars-no-partial': ['letters#renderLetter', (n) => ({ template: `Dear {{> foot${n}}}`, view: {} })],
  'handlebars-strict': [
    'letters#renderContract',
    (n) => ({ template: `Dear {{name${n}}}`, view: { town: 'x' } }),
  ],
  'ejs-missing-variable': [
    'mails#renderMail',
    (n) => ({ template: `Hello\n${word(n)}\n<%= customer %>\n`, order: {} }),
  ],
  'ejs-own-function': [
    'mails#renderMail',
    (n) => ({ template: `${word(n)}\n<%= lineOf(order.items[0]) %>`, order: { items: [{ count: n }] } }),
  ],
  'lodash-template': ['mails#renderSms', (n) => ({ template: `${word(n)} <%= customer.name %>`, order: {} })],
  'pug-undefined': [
    'pages#renderPage',
    (n) => ({ template: `div\n  p ${word(n)}\n  p= page.author.name\n`, page: {} }),
  ],
  'pug-parse': ['pages#renderPage', (n) => ({ template: `div(${word(n)}\n  p x\n`, page: {} })],
  'marked-nothing': ['pages#helpText', (n) => [undefined, null, undefined, null][n % 4]],
  'marked-renderer': ['pages#manual', (n) => `# ${word(n)}\n\nsee [there](https://a.example/${n})\n`],
  'cheerio-each': [
    'pages#shownPrices',
    (n) => ({ html: `<p class=price>${word(n)}</p>`, selector: '.price' }),
  ],
  'cheerio-selector': ['pages#shownPrices', (n) => ({ html: '<p>1,00</p>', selector: `.price[${n}=` })],
  'luxon-unparsable': ['dates#dueDate', (n) => ({ day: `2026-${word(n)}`, zone: 'utc' })],
  'luxon-bad-zone': ['dates#dueDate', (n) => ({ day: '2026-10-01', zone: `Europe/Nowhere${n}` })],
  'dayjs-bad-zone': ['dates#customerTime', (n) => ({ instant: 1e12 + n, zone: `Mars/Crater${n}` })],
  'date-fns-invalid': ['dates#headingDay', (n) => `2026-13-${n + 10}`],
  'semver-invalid-minimum': ['releases#isSupported', (n) => ({ version: '1.2.3', minimum: `v.${word(n)}` })],
  'semver-invalid-sort': ['releases#newestOf', (n) => ['1.0.0', word(n), '2.0.0']],
  'semver-bad-increment': ['releases#nextRelease', (n) => ({ version: `1.0.${n}`, kind: word(n) })],
  'semver-invalid-release': ['releases#nextRelease', (n) => ({ version: word(n), kind: 'minor' })],
  'lodash-sort-callback': ['figures#summarise', (n) => [{ id: n, branch: { city: word(n) } }]],
  'lodash-group-callback': ['figures#summarise', (n) => [{ id: n, total: { amount: n }, branch: {} }]],
  'lodash-memoize-nothing': ['figures#remembered', (n) => [{ active: false, id: n }]],
  'lodash-debounced': ['figures#saveLater', (n) => ({ changes: [{ field: { name: word(n) } }, {}] })],
  'uuid-invalid': ['ids#shardOf', (n) => `order-${n}-${word(n)}`],
  'uuid-invalid-owner': ['ids#nameId', (n) => ({ owner: `shop ${n}`, name: word(n) })],
  'protobuf-truncated': ['ids#decodeReading', (n) => [10, 3, 97, 98, 99, 18, 9 + n, 1]],
  'protobuf-wire-type': ['ids#decodeReading', (n) => [10, 1, 97 + n, 39, 1]],
  'protobuf-not-an-object': ['ids#encodeReading', (n) => ({ sensor: word(n), place: word(n) })],
  'invariant-discount': ['guards#discountOf', (n) => ({ name: word(n) })],
  'invariant-weight': ['guards#shippingOf', (n) => ({ id: n })],
  'invariant-country': ['guards#shippingOf', (n) => ({ id: n, weight: n + 1 })],
  'verror-archive': ['guards#loadArchive', (n) => place(`${n}.json`, `{"${word(n)}"`)],
  'verror-index': ['guards#loadIndex', (n) => `/nowhere/${word(n)}/index`],
  'commander-action': ['cli#runReport', (n) => ['export', word(n), '--format', `xls${n}`]],
  'commander-async-action': ['cli#runReportAsync', (n) => ['push', `https://a.example/${n}`]],
  'commander-unknown-option': ['cli#runReport', (n) => ['export', 'a', `--${'abcde'[n % 5]}zip`]],
  'yargs-handler': ['cli#runLabels', (n) => ['print', '--size', `${n}`]],
  'yargs-coerce': ['cli#runLabels', (n) => ['count', `${word(n)}!`]],
  'yargs-unknown-argument': ['cli#runLabels', (n) => ['print', '--size', '1x1', `--gray${n}`]],
};
