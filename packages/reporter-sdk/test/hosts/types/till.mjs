import { init } from '@fr/reporter-sdk';

// Everything a program can say about what may be collected of it; MODE picks what its own code does.
const { FILES = '{}', MODE = '', LOG } = process.env;
const modes = {
  throws: () => {
    throw new Error('out of order');
  },
  loops: () => {
    for (;;);
  },
  promises: async () => {
    throw new Error('later');
  },
  large: () => 'x'.repeat(100_000),
  cyclic: () => {
    const self = {};
    self.self = self;
    return self;
  },
  text: () => 'three orders wait, password=hunter2',
  tree: () => ({ waiting: 3, token: 'hunter2' }),
};
init({
  consent: 'full',
  attachments: JSON.parse(FILES),
  ...(LOG ? { logTail: { path: LOG, maxBytes: 64 } } : {}),
  collectors: {
    queue: { collect: modes[MODE] ?? modes.text },
    'not a name': { collect: modes.text },
    ...(MODE === 'untouched' ? { queue: { collect: () => process.stdout.write('called') } } : {}),
  },
});

function close(till) {
  return till.drawer.shut();
}

close({});
