// A till: reads an order, prints a receipt. It knows nothing of fr; `npm start` adds it with `--import`.
import { readOrder } from './order.js';
import { printReceipt } from './receipt.js';

const order = readOrder(process.argv[2] ?? 'orders/plain.yaml');
process.stdout.write(printReceipt(order));
