// The same till without a person: works through a folder of orders and goes on when one of them fails.
import { readdirSync } from 'node:fs';
import { init } from '@fr/reporter-sdk';
import { readOrder } from './order.js';
import { printReceipt } from './receipt.js';

const fr = init(); // program and version: from package.json; where to: from FR_SERVER, without which this does nothing

for (const file of readdirSync('orders').sort()) {
  fr.addBreadcrumb({ message: `order ${file}` });
  try {
    process.stdout.write(printReceipt(readOrder(`orders/${file}`)));
  } catch (error) {
    fr.captureException(error);
    process.stdout.write(`${file} goes to the desk\n`);
  }
}

// Optional: a program that ends by itself may wait until its site has everything.
await fr.flush(5_000);
