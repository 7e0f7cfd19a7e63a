/**
 * A registry on loopback in a process of its own: `registry-process.ts CONFIG` prints `ready URL` and ends with its
 * stdin, so that it cannot outlive the one who started it.
 * @module
 */
import { runServer } from 'verdaccio';

const server = await runServer(process.argv[2]);
server.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${server.address().port}/`);
});
process.stdin.on('end', () => process.exit(0)).resume();
