import { z } from 'zod';
import { fromZodError } from 'zod-validation-error';

const line = z.object({ sku: z.string().min(3), count: z.number().int() });
const order = z.object({ id: z.string().uuid(), lines: z.array(line) });
const customer = z.object({ name: z.string(), mail: z.string().email() });
const coupon = z.string().transform((text) => {
  const [kind, percent] = text.split('-');
  return { kind: kind.trim(), percent: Number(percent.replace('%', '')) };
});

/** An order as it came in. */
export function parseOrder(input) {
  const parsed = order.parse(input);
  return parsed.lines.length;
}

/** A customer as he typed himself in. */
export function parseCustomer(input) {
  return customer.parse(input).mail.toLowerCase();
}

/** A coupon from a leaflet. */
export function parseCoupon(input) {
  return z.object({ coupon }).parse(input).coupon.percent;
}

/** An order from a partner, who wants readable complaints. */
export function parsePartnerOrder(input) {
  const parsed = order.safeParse(input);
  if (!parsed.success) throw fromZodError(parsed.error);
  return parsed.data;
}
