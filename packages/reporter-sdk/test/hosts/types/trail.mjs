import { createServer, get } from 'node:http';
import { init } from '@fr/reporter-sdk';

const fr = init({ breadcrumbs: ['console', 'http'] });
const { MODE } = process.env;
if (MODE === 'many') {
  for (let number = 1; number <= 1_000; number++)
    fr.addBreadcrumb({
      message: `step ${number} ${'x'.repeat(number % 400)}`,
      data: { text: '"}\n{"number":1}' },
    });
} else if (MODE === 'sources') {
  console.warn('low on %s', 'paper', { toString: () => process.stdout.write('called') });
  const server = createServer((_request, response) => response.end('done')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) =>
    get(`http://127.0.0.1:${port}/orders?token=hunter2`, (response) => response.resume().on('end', resolve)),
  );
  await fetch(`http://127.0.0.1:${port}/prices?token=hunter2`).then((response) => response.text());
} else {
  fr.addBreadcrumb({
    message: 'opened the till',
    category: 'till',
    data: { drawer: 2, password: 'hunter2' },
  });
}
if (MODE === 'leaves') process.exit(0);
process.kill(process.pid, 'SIGKILL');
setTimeout(() => {}, 60_000);
