const { fork } = require('node:child_process');
if (process.argv[2] === 'child') {
  process.kill(process.pid, 'SIGSEGV');
  setTimeout(() => {}, 60_000);
} else {
  fork(__filename, ['child']).on('exit', (code, signal) => console.log(code, signal));
}
