// Kills its process right before the STEP-th change it makes to a disk.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

let step = 0;
for (const name of [
  'renameSync',
  'rmSync',
  'linkSync',
  'fsyncSync',
  'mkdirSync',
  'writeFileSync',
  'writeSync',
]) {
  const real = fs[name];
  fs[name] = (...args) => {
    step += 1;
    if (step === Number(process.env.STEP)) process.kill(process.pid, 'SIGKILL');
    return real(...args);
  };
}
syncBuiltinESMExports();
