import { init } from '@fr/reporter-sdk';

const fr = init();
console.log(await fr.flush(10_000));
fr.close();
