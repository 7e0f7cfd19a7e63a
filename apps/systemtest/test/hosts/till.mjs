// Fails at its only line of work, and waits until that is settled.
import { init } from '@fr/reporter-sdk';

const fr = init({ onAnswer: (answer) => console.log(JSON.stringify(answer)) });
if (process.argv[2] === 'fail') {
  fr.captureException(new RangeError('no such till'));
  await fr.flush(30_000);
}
