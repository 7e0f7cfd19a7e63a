import { init } from '@fr/reporter-sdk';

// MAX: the largest heap it has declared, in MiB; none without. MODE `survives`: its own handler takes the failure.
const { MAX, MODE, SURVIVED } = process.env;
init({
  consent: 'full',
  ...(MAX ? { heapSnapshot: { maxHeapMiB: Number(MAX), survived: SURVIVED === '1' } } : {}),
});
globalThis.kept = { needle: 'in the haystack' };
if (MODE === 'survives') process.on('uncaughtException', () => setTimeout(() => process.exit(0), 500));

function close(till) {
  return till.drawer.shut();
}

close({});
