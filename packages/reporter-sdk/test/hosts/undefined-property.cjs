function total(order) {
  return order.lines.reduce((sum, line) => sum + line.price, 0);
}

console.log(total({ id: 7 }));
