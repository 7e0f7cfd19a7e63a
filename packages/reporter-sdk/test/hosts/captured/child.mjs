import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (process.argv[2] === 'child') settle();
else
  fork(fileURLToPath(import.meta.url), ['child']).on('exit', (code) => console.log('child ended with', code));

function settle() {
  throw null;
}
