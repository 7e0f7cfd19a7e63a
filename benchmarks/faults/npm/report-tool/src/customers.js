import { createReadStream } from 'node:fs';
import { parse as parseStream } from 'csv-parse';
import { parse } from 'csv-parse/sync';

/** Customers of one branch. */
export function importCustomers(text) {
  const rows = parse(text, { columns: true, trim: true });
  return rows.map((row) => ({ id: Number(row.id), name: row.name }));
}

/** The same for files which do not fit into memory. */
export function streamCustomers(file) {
  let count = 0;
  const rows = createReadStream(file).pipe(parseStream({ columns: true }));
  rows.on('data', () => {
    count += 1;
  });
  rows.on('end', () => console.log(count));
}
