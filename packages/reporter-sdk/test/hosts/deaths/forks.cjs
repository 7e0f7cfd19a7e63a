const { fork } = require('node:child_process');
if (process.argv[2] === 'child') {
  // Once its guard is awake: whoever dies before is found at the next start.
  setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 500);
  setTimeout(() => {}, 60_000);
} else {
  fork(__filename, ['child']).on('exit', (code, signal) => console.log(code, signal));
}
