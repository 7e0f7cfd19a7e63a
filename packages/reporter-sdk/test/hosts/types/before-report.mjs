import { init } from '@fr/reporter-sdk';

const says = {
  drops: () => 'drop',
  strips: (failure) => ({ without: failure.types.filter((type) => type !== 'stack') }),
  sees: (failure) => {
    process.stdout.write(
      JSON.stringify([Object.isFrozen(failure), failure.kind, failure.name, failure.message]),
    );
  },
  throws: () => {
    throw new Error('out of order');
  },
  loops: () => {
    for (;;);
  },
  nonsense: () => 'perhaps',
};
init({ beforeReport: says[process.env.MODE] });

function close(till) {
  return till.drawer.shut();
}

close({});
