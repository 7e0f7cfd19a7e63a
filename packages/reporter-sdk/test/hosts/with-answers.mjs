// Says what the site has answered, and fails when told to.
import { init } from '@fr/reporter-sdk';

const fr = init({
  onAnswer(answer) {
    console.log(JSON.stringify(answer));
    throw new Error('a fault of the host');
  },
});
if (process.argv[2] === 'fail') {
  fr.captureException(new RangeError('no such till'));
  await fr.flush(20_000);
}
