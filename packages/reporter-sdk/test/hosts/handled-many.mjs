import { init } from '@fr/reporter-sdk';

const fr = init();

function fail(round) {
  throw new RangeError(`round ${round} went wrong`);
}

for (let round = 0; round < 10_000; round++) {
  try {
    fail(round);
  } catch (error) {
    fr.captureException(error);
  }
}
console.log(await fr.flush(10_000));
