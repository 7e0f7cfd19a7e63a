const { fork } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const runs = process.env.FR_SPOOL_DIR && `${process.env.FR_SPOOL_DIR}/runs`;
const asleep = new Int32Array(new SharedArrayBuffer(4));
const until = (happened) => {
  while (runs && !happened()) Atomics.wait(asleep, 0, 0, 5);
};
const markerOf = (pid) =>
  readdirSync(runs)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, ...JSON.parse(readFileSync(`${runs}/${name}`, 'utf8') || '{}') }))
    .find(({ life }) => life?.pid === pid);
if (process.argv[2] === 'child') {
  process.kill(process.pid, 'SIGSEGV');
  setTimeout(() => {}, 60_000);
} else {
  const child = fork(__filename, ['child']);
  child.on('exit', (code, signal) => console.log(code, signal));
  // Asks how it ended when the guard has looked.
  let marker;
  until(() => (marker ??= markerOf(child.pid)));
  until(() => existsSync(`${runs}/${marker.name.replace('.json', '.end')}`));
}
