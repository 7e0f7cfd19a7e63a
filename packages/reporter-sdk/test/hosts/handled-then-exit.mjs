import { init } from '@fr/reporter-sdk';

const fr = init();
try {
  JSON.parse('{');
} catch (error) {
  fr.captureException(error);
  fr.captureException(error);
}
process.exit(4);
