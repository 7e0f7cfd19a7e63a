import { readFileSync } from 'node:fs';
import invariant from 'tiny-invariant';
import VError from 'verror';

function mustHave(value, what) {
  invariant(value !== undefined && value !== null, `${what} is missing`);
  return value;
}

function wrapped(error, what) {
  return new VError({ name: 'ArchiveError', cause: error }, 'cannot read %s', what);
}

/** Discount of a customer. */
export function discountOf(customer) {
  const level = mustHave(customer.level, `level of ${customer.name}`);
  return level > 3 ? 10 : 5;
}

/** Costs of shipping. */
export function shippingOf(parcel) {
  const weight = mustHave(parcel.weight, `weight of ${parcel.id}`);
  const country = mustHave(parcel.country, `country of ${parcel.id}`);
  return weight * (country === 'DE' ? 1 : 3);
}

/** Orders of a past year. */
export function loadArchive(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrapped(error, file);
  }
}

/** Index over all years. */
export function loadIndex(file) {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw wrapped(error, `index ${file}`);
  }
  return text.split('\n');
}
