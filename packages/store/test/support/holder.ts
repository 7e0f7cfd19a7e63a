/** Opens a store, says so, and holds it until its input ends. `refused CODE MESSAGE` when it cannot. */
import { openEmbeddedStore } from '@fr/store/embedded';

const [dir = ''] = process.argv.slice(2);
try {
  const store = await openEmbeddedStore({ dir });
  process.stdout.write('ready\n');
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve));
  await store.close();
  process.stdout.write('closed\n');
} catch (error) {
  const { code, message } = error as { code: string; message: string };
  process.stdout.write(`refused ${code} ${message}\n`);
}
