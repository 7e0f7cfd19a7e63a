import { init } from '@fr/reporter-sdk';

const fr = init();
fr.addBreadcrumb({ message: 'opened the till', category: 'till', data: { drawer: 2, password: 'hunter2' } });

function close(till) {
  return till.drawer.shut();
}

close({});
