// Runs itself with a small limit, as the shell sets it, and never closes a file.
const fs = require('node:fs');

function readAll() {
  for (;;) fs.openSync(__filename);
}

if (process.env.LIMITED) {
  readAll();
} else {
  const { spawnSync } = require('node:child_process');
  const line = [process.execPath, ...process.execArgv, __filename].map((word) => `'${word}'`).join(' ');
  const env = { ...process.env, LIMITED: '1' };
  const { stderr } = spawnSync('/bin/sh', ['-c', `ulimit -n 80; exec ${line}`], { env, encoding: 'utf8' });
  console.log(/EMFILE/.exec(stderr)?.[0] ?? stderr);
}
