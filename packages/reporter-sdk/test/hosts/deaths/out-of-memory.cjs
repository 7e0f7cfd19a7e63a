const kept = [];
for (;;) kept.push(new Array(1_000).fill(kept.length));
