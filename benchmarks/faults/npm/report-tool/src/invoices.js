import { XMLParser } from 'fast-xml-parser';
import { parseStringPromise } from 'xml2js';

/** Invoice as the bank sends it. */
export async function readInvoice(xml) {
  const tree = await parseStringPromise(xml, { explicitArray: false });
  return { total: Number(tree.invoice.total), number: tree.invoice.number };
}

/** Order of a partner. */
export function readOrder(xml) {
  const parser = new XMLParser({ ignoreAttributes: false });
  const tree = parser.parse(xml, true);
  return tree.order;
}

function amountOf(tag, text) {
  if (tag !== 'amount') return text;
  const [whole, currency] = text.split(' ');
  return { value: Number(whole), currency: currency.toUpperCase() };
}

/** Order whose amounts carry a currency. */
export function readForeignOrder(xml) {
  const parser = new XMLParser({ tagValueProcessor: amountOf });
  return parser.parse(xml).order;
}
