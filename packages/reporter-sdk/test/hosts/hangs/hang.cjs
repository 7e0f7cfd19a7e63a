// Blocks its event loop, in the way and for as many milliseconds as it is told.
const [, , how, ms] = process.argv;

function reckon(until) {
  let sum = 0;
  while (Date.now() < until) sum += Math.sqrt(sum + 1);
  return sum;
}

function settle() {
  if (how === 'reckons') reckon(Date.now() + Number(ms));
  if (how === 'waits') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
  if (how === 'forever') reckon(Number.POSITIVE_INFINITY);
}

console.log('begins');
setTimeout(settle, 300);
setTimeout(() => console.log('went on'), how === 'idles' ? Number(ms) : 350);
