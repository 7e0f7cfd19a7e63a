import { readFileSync } from 'node:fs';

function load(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

process.on('exit', (code) => console.error(`leaving with ${code}`));
load('/nowhere/settings.json');
